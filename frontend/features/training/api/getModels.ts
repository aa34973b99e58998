import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import type { ModelKind } from "@/lib/modelKinds";

export type Model = Schemas["ModelVersion"];
export type Measure = Schemas["Measure"];

/** The scene's models of a kind, newest first. */
export function useModels(sceneId: number, kind: ModelKind) {
  return useQuery({
    queryKey: ["models", sceneId, kind],
    queryFn: ({ signal }) => {
      const params = { path: { scene_id: sceneId }, query: { kind } };
      return answered(api.GET("/api/v1/scenes/{scene_id}/models", { params, signal }));
    },
    refetchInterval: 4000,
  });
}
