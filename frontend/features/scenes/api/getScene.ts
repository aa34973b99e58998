import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Scene = Schemas["Scene"];

export function sceneQuery(sceneId: number) {
  return queryOptions({
    queryKey: ["scene", sceneId],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/scenes/{scene_id}", { params: { path: { scene_id: sceneId } }, signal })),
    refetchInterval: 5000,
  });
}

export function useScene(sceneId: number) {
  return useQuery(sceneQuery(sceneId));
}
