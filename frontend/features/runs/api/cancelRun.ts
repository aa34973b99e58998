import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

export function useCancelRun(runId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answered(api.POST("/api/v1/runs/{run_id}/cancel", { params: { path: { run_id: runId } } })),
    onSuccess: (run) => {
      queries.setQueryData(["run", runId], run);
      return queries.invalidateQueries({ queryKey: ["runs", run.scene] });
    },
  });
}
