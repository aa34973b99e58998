import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type LearnedLink = Schemas["LearnedLink"];

/** How long vehicles took from camera to camera in a run. */
export function useLearnedLinks(runId: number | null) {
  return useQuery({
    queryKey: ["learned-links", runId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/runs/{run_id}/learned-links", { params: { path: { run_id: runId ?? 0 } }, signal }),
      ),
    enabled: runId !== null,
    staleTime: 60_000,
  });
}
