import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type LabelImport = Schemas["LabelImport"];

const LIVE_MS = 1000;

/** The scene's imports, newest first; asked for every second while one is under way. */
export function useLabelImports(sceneId: number) {
  return useQuery({
    queryKey: ["label-imports", sceneId],
    queryFn: ({ signal }) => {
      const params = { path: { scene_id: sceneId } };
      return answered(api.GET("/api/v1/scenes/{scene_id}/label-imports", { params, signal }));
    },
    refetchInterval: ({ state }) =>
      state.data?.results.some((each) => each.state === "working") ? LIVE_MS : 15_000,
  });
}
