import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Training = Schemas["Training"];

const LIVE_MS = 3000;

/** The scene's newest trainings. */
export function useTrainings(sceneId: number) {
  return useQuery({
    queryKey: ["trainings", sceneId],
    queryFn: async ({ signal }) => {
      const params = { path: { scene_id: sceneId }, query: { limit: 100 } };
      return (await answered(api.GET("/api/v1/scenes/{scene_id}/trainings", { params, signal }))).results;
    },
    refetchInterval: LIVE_MS,
  });
}
