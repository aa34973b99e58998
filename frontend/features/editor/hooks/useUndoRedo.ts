import { useCallback } from "react";
import { newKey } from "@/lib/newKey";
import { useOwnOperations } from "../api/getOwnOperations";
import { inCamera, nextRedo, nextUndo } from "../undoing";
import { useEditEntries, useEdits } from "./useEdits";

/**
 * The way back through one's own edits of a camera, those on their way first, and forth again. Whether the server
 * refuses is asked by sending: what the page read of it is out of date after every edit.
 */
export function useUndoRedo(scene: number, camera: number, video: number) {
  const { outbox, person } = useEdits();
  const entries = useEditEntries();
  const own = useOwnOperations(scene, person).data;
  const stored = own ?? [];
  const leaving = new Set(entries.flatMap((entry) => (entry.kind === "undo" ? [entry.operation] : [])));
  const here = inCamera(stored, camera).filter(({ id }) => !leaving.has(id));
  const takenBack = new Set(
    entries.flatMap((entry) => (entry.kind === "undo" && entry.of ? [entry.of] : [])),
  );
  const waiting = entries.findLast(
    (entry) =>
      entry.kind === "decision" &&
      entry.state !== "refused" &&
      entry.decision.video === video &&
      !takenBack.has(entry.key),
  );
  const back = nextUndo(here);
  const again = waiting ? null : nextRedo(here);

  const undo = useCallback(() => {
    if (waiting) outbox.takeBack(newKey(), waiting.key);
    else if (back) outbox.undo(newKey(), scene, back.id);
  }, [outbox, scene, waiting, back]);
  const redo = useCallback(() => {
    if (again) outbox.undo(newKey(), scene, again.id);
  }, [outbox, scene, again]);
  const whyNone = (can: boolean, none: string): string | null =>
    can ? null : own ? none : "your edits are still being read.";
  return {
    ...{ undo, redo },
    whyNoUndo: whyNone(waiting !== undefined || back !== null, "you have no edit here that still counts."),
    whyNoRedo: whyNone(again !== null, "nothing was undone last."),
  };
}
