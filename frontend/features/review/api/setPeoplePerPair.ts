import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import { reviewStateKey } from "./getReviewState";
import { leaseKey } from "./leasePairs";

/** Say how many people judge each pair of a scene; what is open follows. */
export function useSetPeoplePerPair(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (people: number) => {
      const params = { path: { scene_id: sceneId } };
      const body = { people_per_pair: people };
      return answered(api.PUT("/api/v1/scenes/{scene_id}/review/settings", { params, body }));
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: leaseKey(sceneId) });
      void queries.invalidateQueries({ queryKey: reviewStateKey(sceneId) });
    },
  });
}
