import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** The ways between the cameras of a scene. */
export function useLinks(sceneId: number) {
  return useQuery({
    queryKey: ["links", sceneId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/scenes/{scene_id}/links", { params: { path: { scene_id: sceneId } }, signal }),
      ),
    staleTime: 60_000,
  });
}
