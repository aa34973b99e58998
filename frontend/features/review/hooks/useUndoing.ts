import { useMutation, useQueryClient } from "@tanstack/react-query";
import { newKey } from "@/lib/newKey";
import { operationsKey } from "../api/getOperations";
import { undoOperation } from "../api/undoOperation";
import { identityRead, noteStored } from "../storedDecision";

/** Undo one operation of a scene's history and bring every page up to date; a refusal carries its reason. */
export function useUndoing(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (operation: number) => undoOperation(operation, newKey()),
    onSuccess: (given) => {
      noteStored(queries, sceneId, given);
      return identityRead(queries);
    },
    onError: () => queries.invalidateQueries({ queryKey: operationsKey(sceneId) }),
  });
}
