import { useMutation, useQueryClient } from "@tanstack/react-query";
import { accepted, api } from "@/lib/api/client";

/** Give up an upload: what came of it goes. */
export function discardUpload(id: string): Promise<void> {
  return accepted(
    api.DELETE("/api/v1/uploads/{upload_id}", {
      params: { path: { upload_id: id }, header: { "Tus-Resumable": "1.0.0" } },
    }),
  );
}

export function useDiscardUpload(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: discardUpload,
    onSettled: () => queries.invalidateQueries({ queryKey: ["uploads", sceneId] }),
  });
}
