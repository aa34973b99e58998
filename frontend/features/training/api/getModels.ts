import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Model = Schemas["ModelVersion"];
export type Measure = Schemas["Measure"];

/** The scene's models, newest first. */
export function useModels(sceneId: number) {
  return useQuery({
    queryKey: ["models", sceneId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/scenes/{scene_id}/models", { params: { path: { scene_id: sceneId } }, signal }),
      ),
    refetchInterval: 4000,
  });
}
