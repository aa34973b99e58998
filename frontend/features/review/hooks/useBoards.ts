import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { newKey } from "@/lib/newKey";
import { boardsQuery } from "../api/leaseBoards";
import { answersOf, type Marks } from "../board";
import { isBoard } from "../decision";
import type { QueueFilter } from "../filter";
import type { Board } from "../types";
import { useDecisions, useEntries } from "./useDecisions";

const NOTHING: Marks = {};

/** The boards that a person holds, the one on screen and its marks. Storing brings the next one at once. */
export function useBoards(sceneId: number, filter: QueueFilter) {
  const { outbox } = useDecisions();
  const entries = useEntries();
  const lease = useQuery(boardsQuery(sceneId, filter));
  const [boards, setBoards] = useState<readonly Board[]>([]);
  const [marked, setMarked] = useState({ board: 0, marks: NOTHING });
  const board = boards[0] ?? null;
  const openedAt = useRef(new Date());
  const pending = useMemo(
    () =>
      entries.flatMap((entry) =>
        entry.kind === "decision" && entry.state !== "refused" && isBoard(entry.decision)
          ? [entry.decision.board]
          : [],
      ),
    [entries],
  );

  const { data } = lease;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is pending counts when the server answers
  useEffect(() => {
    if (!data) return;
    const open = data.boards.filter(({ number }) => !pending.includes(number));
    // The board on screen never changes under the fingers.
    setBoards(([shown]) => (shown ? [shown, ...open.filter(({ number }) => number !== shown.number)] : open));
  }, [data]);
  const number = board?.number ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another board on screen starts its time
  useEffect(() => {
    openedAt.current = new Date();
  }, [number]);

  const marks = marked.board === number ? marked.marks : NOTHING;
  const setMarks = useCallback((next: Marks) => setMarked({ board: number, marks: next }), [number]);
  const skip = useCallback(
    () =>
      setBoards(([first, ...rest]) => (first && rest.length > 0 ? [...rest, first] : first ? [first] : [])),
    [],
  );
  const store = useCallback(() => {
    if (!board) return;
    outbox.decide(newKey(), sceneId, {
      board: board.number,
      body: answersOf(board, marks, openedAt.current),
    });
    setBoards(([, ...rest]) => rest);
    setMarked({ board: 0, marks: NOTHING });
  }, [outbox, sceneId, board, marks]);

  return { lease, board, next: boards[1] ?? null, marks, setMarks, skip, store };
}
