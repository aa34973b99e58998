import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf, type Schemas } from "@/lib/api/client";
import type { TrackletState } from "../identityEdit";

export type Hidden = Schemas["Hidden"] & { readonly tracklet: TrackletState };

export function hiddenKey(sceneId: number): readonly unknown[] {
  return ["hidden", sceneId];
}

/** Tracklets of the scene's run that people hid or called duplicates, the last hidden first, page by page. */
export function useHidden(sceneId: number) {
  return useInfiniteQuery({
    queryKey: hiddenKey(sceneId),
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { scene_id: sceneId }, query: pageParam ? { cursor: pageParam } : {} };
      return answered(api.GET("/api/v1/scenes/{scene_id}/hidden", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
    refetchInterval: 15_000,
  });
}
