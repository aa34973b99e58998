import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** Stop a job: at once if it waits, within seconds if it runs. */
export function useCancelJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (jobId: number) =>
      answered(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: jobId } } })),
    onSuccess: (job) => {
      queries.setQueryData(["job", job.id], job);
      return queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}
