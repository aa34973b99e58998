import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Ground = Schemas["Ground"];

/** Where a scene's cameras stand, what they see, and their order along the road. */
export function useGround(sceneId: number) {
  return useQuery({
    queryKey: ["ground", sceneId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/scenes/{scene_id}/ground", { params: { path: { scene_id: sceneId } }, signal }),
      ),
    staleTime: 60_000,
  });
}
