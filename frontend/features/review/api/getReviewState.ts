import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

export function reviewStateKey(sceneId: number): readonly unknown[] {
  return ["review-state", sceneId];
}

/** How soon a page knows of what others did. Costs an answer without content while nothing has changed. */
const ASK_EVERY_MS = 4_000;

/** How far the review of a scene is. */
export function useReviewState(sceneId: number) {
  return useQuery({
    queryKey: reviewStateKey(sceneId),
    queryFn: ({ signal }) => {
      const params = { path: { scene_id: sceneId } };
      return answered(api.GET("/api/v1/scenes/{scene_id}/review", { params, signal }));
    },
    refetchInterval: ASK_EVERY_MS,
    refetchOnWindowFocus: "always",
  });
}
