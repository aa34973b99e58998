import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** Start a run of a scene. The key makes a repeated click or a repeated request start one run only. */
export function useCreateRun(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ key, preset }: { key: string; preset: string }) => {
      const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": key } };
      return answered(api.POST("/api/v1/scenes/{scene_id}/runs", { params, body: { preset } }));
    },
    onSuccess: (run) => {
      queries.setQueryData(["run", run.id], run);
      return queries.invalidateQueries({ queryKey: ["runs", sceneId] });
    },
  });
}
