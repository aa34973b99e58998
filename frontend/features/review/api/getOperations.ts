import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf } from "@/lib/api/client";

export function operationsKey(sceneId: number): readonly unknown[] {
  return ["operations", sceneId];
}

/** The history of a scene, newest first, page by page; of one person if one is named. */
export function useOperations(sceneId: number, person: number | null) {
  return useInfiniteQuery({
    queryKey: [...operationsKey(sceneId), person],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...(person === null ? {} : { person }), ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { scene_id: sceneId }, query };
      return answered(api.GET("/api/v1/scenes/{scene_id}/operations", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
    refetchInterval: 15_000,
  });
}
