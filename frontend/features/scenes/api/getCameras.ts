import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Camera = Schemas["Camera"];

function isBeingRead(cameras: readonly Camera[] | undefined): boolean {
  return cameras?.some(({ videos }) => videos.some(({ state }) => state === "pending")) ?? false;
}

/** The cameras of a scene with their videos; asked for again while a video is still being read. */
export function camerasQuery(sceneId: number) {
  return queryOptions({
    queryKey: ["cameras", sceneId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/scenes/{scene_id}/cameras", { params: { path: { scene_id: sceneId } }, signal }),
      ),
    refetchInterval: (query) => (isBeingRead(query.state.data) ? 2000 : false),
  });
}

export function useCameras(sceneId: number) {
  return useQuery(camerasQuery(sceneId));
}
