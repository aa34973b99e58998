import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf, type Schemas } from "@/lib/api/client";

export type RunSummary = Schemas["RunSummary"];

/** A scene's runs, newest first; asked for again so that a run started by someone else appears. */
export function useRuns(sceneId: number) {
  return useInfiniteQuery({
    queryKey: ["runs", sceneId],
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { scene_id: sceneId }, query: pageParam ? { cursor: pageParam } : {} };
      return answered(api.GET("/api/v1/scenes/{scene_id}/runs", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
    refetchInterval: 3000,
  });
}
