import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf, type Schemas } from "@/lib/api/client";

export type LabelSet = Schemas["LabelSet"];

/** A scene's label sets, newest first. */
export function useLabelSets(sceneId: number) {
  return useInfiniteQuery({
    queryKey: ["label-sets", sceneId],
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { scene_id: sceneId }, query: pageParam ? { cursor: pageParam } : {} };
      return answered(api.GET("/api/v1/scenes/{scene_id}/label-sets", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
  });
}
