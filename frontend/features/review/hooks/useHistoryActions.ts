import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";
import { useLastWords } from "../api/getLastWords";
import { redoable } from "../operations";
import { useUndoing } from "./useUndoing";

/** The way back through all one's own edits of a scene, and forth again, step by step. */
export function useHistoryActions(sceneId: number, person: number, mayUndo: boolean): Error | null {
  const done = useLastWords(sceneId, person, true);
  const takenBack = useLastWords(sceneId, person, false);
  const undoing = useUndoing(sceneId);
  const back = done.data?.[0];
  const again = redoable(done.data ?? [], takenBack.data?.[0]);
  const busy = undoing.isPending || done.isFetching || takenBack.isFetching;
  const why = mayUndo ? (busy ? "the last step is being stored" : null) : "it takes the role analyst";
  const whyNotBack = why ?? (back ? null : "nothing of yours is left to undo");
  const whyNotAgain = why ?? (again ? null : "nothing of yours was taken back last");
  const now = useLatest({
    back: () => back && undoing.mutate(back.id),
    again: () => again && undoing.mutate(again.id),
  });
  useActions(
    useMemo<Action[]>(
      () => [
        step("back", "Undo my newest edit", "mod+z", whyNotBack, () => now().back()),
        step("again", "Redo what I took back last", "mod+shift+z,mod+y", whyNotAgain, () => now().again()),
      ],
      [now, whyNotBack, whyNotAgain],
    ),
  );
  return undoing.error;
}

function step(
  id: string,
  title: string,
  keys: string,
  unavailable: string | null,
  perform: () => void,
): Action {
  return { id: `history-${id}`, title, group: "History", keys, oncePerPress: true, unavailable, perform };
}
