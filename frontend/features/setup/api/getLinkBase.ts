import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/**
 * The scene's links and the version that a change of them is based on. The version is read first: links that change
 * in between are newer than it, and a change based on it is refused instead of overwriting them unseen.
 */
export function useLinkBase(sceneId: number) {
  return useQuery({
    queryKey: ["link-base", sceneId],
    queryFn: async ({ signal }) => {
      const params = { path: { scene_id: sceneId } };
      const { version } = await answered(api.GET("/api/v1/scenes/{scene_id}", { params, signal }));
      const links = await answered(api.GET("/api/v1/scenes/{scene_id}/links", { params, signal }));
      return { version, links };
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
    meta: { isDrawnOn: true },
  });
}
