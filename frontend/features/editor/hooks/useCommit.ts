import { useCallback } from "react";
import { newKey } from "@/lib/newKey";
import type { Edit } from "../edits";
import { namesOf, titleOf } from "../titles";
import { neededBy } from "../trackEdit";
import type { Track } from "../types";
import { useEdits } from "./useEdits";

export interface Place {
  readonly scene: number;
  readonly run: number | null;
  readonly video: number;
}

/** An id for a tracklet that the server has not named yet. */
export function provisionalId(): number {
  const [random = 1] = crypto.getRandomValues(new Int32Array(1));
  return -Math.abs(random) - 1;
}

/** Edits become visible at once and are on their way: one call, one operation, one undo. */
export function useCommit({ scene, run, video }: Place, tracks: ReadonlyMap<number, Track>) {
  const { outbox } = useEdits();
  return useCallback(
    (...edits: Edit[]) => {
      const [first] = edits;
      if (run === null || !first) return;
      const rest = edits.length > 1 ? ` and ${edits.length - 1} more` : "";
      const title = titleOf(first, namesOf(tracks)) + rest;
      outbox.decide(newKey(), scene, { run, video, edits, title }, neededBy(edits, outbox.entries()));
    },
    [outbox, scene, run, video, tracks],
  );
}
