import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** How long a run of the scene would take, for the presets that runs have ended with on this machine. */
export function useEstimates(sceneId: number) {
  return useQuery({
    queryKey: ["run-estimates", sceneId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/scenes/{scene_id}/run-estimates", {
          params: { path: { scene_id: sceneId } },
          signal,
        }),
      ),
  });
}
