import { useCallback, useMemo } from "react";
import { newKey } from "@/lib/newKey";
import { useOperations } from "../api/getOperations";
import { isBoard } from "../decision";
import { newestStanding, type Recent, recentDecisions } from "../recent";
import type { Pair } from "../types";
import { useDecisions, useEntries } from "./useDecisions";

const MOST_SHOWN = 20;
/** What was taken back leaves the list when this many newer decisions stand above it. */
const UNDONE_SHOWN = 2;

/** The person's last decisions in a scene and how to take them back; an undone pair is handed to `onReturn`. */
export function useRecent(sceneId: number, onReturn: (pair: Pair) => void) {
  const { outbox, person, pairOf } = useDecisions();
  const entries = useEntries();
  const operations = useOperations(sceneId, person).data;
  const recent = useMemo(() => {
    const stored = operations?.pages.flatMap((page) => page.results) ?? [];
    return recentDecisions(entries, stored, sceneId, person)
      .filter(({ state }, index) => state !== "undone" || index < UNDONE_SHOWN)
      .slice(0, MOST_SHOWN);
  }, [entries, operations, sceneId, person]);

  const undo = useCallback(
    (one: Recent) => {
      const entry = outbox.entries().find(({ key }) => key === one.key);
      const pair = one.operation !== null ? pairOf(one.operation) : null;
      if (one.operation !== null) outbox.undo(newKey(), sceneId, one.operation);
      else outbox.takeBack(newKey(), one.key);
      if (entry?.kind === "decision" && !isBoard(entry.decision)) onReturn(entry.decision.pair);
      else if (pair) onReturn(pair);
    },
    [outbox, pairOf, sceneId, onReturn],
  );
  const newest = newestStanding(recent);
  const none = operations
    ? "no decision of yours is left to take back."
    : "your decisions are still being read.";
  return { recent, newest, whyNoUndo: newest ? null : none, undo };
}
