import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

export function useJob(jobId: number) {
  return useQuery({
    queryKey: ["job", jobId],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId } }, signal })),
    refetchInterval: 2000,
  });
}
