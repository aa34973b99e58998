import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

export function statisticsKey(sceneId: number): readonly unknown[] {
  return ["review-statistics", sceneId];
}

/** What each person has decided in a scene, how fast and how much in agreement with others. */
export function useStatistics(sceneId: number) {
  return useQuery({
    queryKey: statisticsKey(sceneId),
    queryFn: async ({ signal }) => {
      const params = { path: { scene_id: sceneId } };
      return (await answered(api.GET("/api/v1/scenes/{scene_id}/review/statistics", { params, signal })))
        .persons;
    },
    refetchInterval: 30_000,
  });
}
