import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** One identity of a run with all its tracklets and their pictures. */
export function useIdentity(runId: number | null, number: number | null) {
  return useQuery({
    queryKey: ["identity", runId, number],
    enabled: runId !== null && number !== null,
    queryFn: ({ signal }) => {
      const path = { run_id: runId ?? 0, number: number ?? 0 };
      return answered(api.GET("/api/v1/runs/{run_id}/identities/{number}", { params: { path }, signal }));
    },
  });
}
