import { useMutation, useQueryClient } from "@tanstack/react-query";
import { editTracklets, type TrackletEdit } from "../api/editTracklets";
import { noteOthers, noteStored } from "../storedDecision";

interface Edits {
  readonly run: number;
  readonly edits: readonly TrackletEdit[];
  /** Why, as the person says. */
  readonly reason?: string;
}

/** Edit tracklets as one operation and bring every page up to date; a refusal carries its reason. */
export function useTrackletEdits(sceneId: number, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ run, edits, reason }: Edits) => editTracklets(sceneId, { run, edits, reason }),
    onSuccess: (given) => {
      noteStored(queries, sceneId, given);
      noteOthers(queries, sceneId);
      onDone();
    },
  });
}
