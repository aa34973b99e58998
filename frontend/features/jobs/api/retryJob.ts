import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** Queue a job again that failed or was cancelled. */
export function useRetryJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (jobId: number) =>
      answered(api.POST("/api/v1/jobs/{job_id}/retry", { params: { path: { job_id: jobId } } })),
    onSuccess: (job) => {
      queries.setQueryData(["job", job.id], job);
      return queries.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}
