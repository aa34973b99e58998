import { useMutation, useQueryClient } from "@tanstack/react-query";
import { editTracklet, type TrackletEdit } from "../api/editTracklets";
import { noteOthers, noteStored } from "../storedDecision";

/** Hide a duplicate, or show what was hidden, and bring every page up to date; a refusal carries its reason. */
export function useTrackletEdit(sceneId: number, onDone: (edit: TrackletEdit) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ run, edit }: { run: number; edit: TrackletEdit }) => editTracklet(sceneId, run, edit),
    onSuccess: (given, { edit }) => {
      noteStored(queries, sceneId, given);
      noteOthers(queries, sceneId);
      onDone(edit);
    },
  });
}
