import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** Standing decisions on vehicles that the scene's present run did not find; the newest of them. */
export function useDangling(sceneId: number) {
  return useQuery({
    queryKey: ["dangling", sceneId],
    queryFn: async ({ signal }) => {
      const params = { path: { scene_id: sceneId }, query: { dangling: true } };
      const { results } = await answered(api.GET("/api/v1/scenes/{scene_id}/verdicts", { params, signal }));
      return results.filter(({ standing }) => standing);
    },
  });
}
