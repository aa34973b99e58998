import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf, type Schemas } from "@/lib/api/client";
import type { ModelKind } from "@/lib/modelKinds";

export type Promotion = Schemas["Promotion"];

/** Who made which model of a kind the active one, newest first, page by page. */
export function usePromotions(sceneId: number, kind: ModelKind) {
  return useInfiniteQuery({
    queryKey: ["promotions", sceneId, kind],
    queryFn: ({ pageParam, signal }) => {
      const query = { kind, limit: 10, ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { scene_id: sceneId }, query };
      return answered(api.GET("/api/v1/scenes/{scene_id}/promotions", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
    refetchInterval: 15_000,
  });
}
