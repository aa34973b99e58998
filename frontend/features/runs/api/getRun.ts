import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Run = Schemas["Run"];

const LIVE_MS = 1000;

export function isUnderWay(state: Run["state"]): boolean {
  return state === "queued" || state === "running";
}

/** A run: asked for every second while it is under way (an unchanged answer costs nothing), then no more. */
export function useRun(runId: number | null) {
  return useQuery({
    queryKey: ["run", runId],
    enabled: runId !== null,
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/runs/{run_id}", { params: { path: { run_id: runId ?? 0 } }, signal })),
    refetchInterval: (query) => (query.state.data && !isUnderWay(query.state.data.state) ? 15_000 : LIVE_MS),
  });
}
