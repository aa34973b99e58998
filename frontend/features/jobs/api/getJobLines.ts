import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

type JobLine = Schemas["JobLine"];

/** A job's log lines; only those that came since the last look are asked for. */
export function useJobLines(jobId: number) {
  const queries = useQueryClient();
  const queryKey = ["job-lines", jobId];
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<JobLine[]> => {
      const known = queries.getQueryData<JobLine[]>(queryKey) ?? [];
      const params = { path: { job_id: jobId }, query: { after: known.at(-1)?.id ?? 0, limit: 1000 } };
      const since = await answered(api.GET("/api/v1/jobs/{job_id}/lines", { params, signal }));
      return since.length > 0 ? [...known, ...since] : known;
    },
    refetchInterval: 2000,
  });
}
