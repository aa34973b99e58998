import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Comparison = Schemas["RunComparison"];
export type Difference = Schemas["Difference"];

/** The vehicles that a run sees otherwise than another one of its scene. */
export function useComparison(runId: number, otherId: number) {
  return useQuery({
    queryKey: ["comparison", runId, otherId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/runs/{run_id}/comparison", {
          params: { path: { run_id: runId }, query: { with: otherId } },
          signal,
        }),
      ),
  });
}
