import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

export function reviewStateKey(sceneId: number): readonly unknown[] {
  return ["review-state", sceneId];
}

/** How far the review of a scene is, for those who only look. */
export function useReviewState(sceneId: number) {
  return useQuery({
    queryKey: reviewStateKey(sceneId),
    queryFn: ({ signal }) => {
      const params = { path: { scene_id: sceneId } };
      return answered(api.GET("/api/v1/scenes/{scene_id}/review", { params, signal }));
    },
    refetchInterval: 10_000,
  });
}
