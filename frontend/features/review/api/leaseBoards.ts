import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { QueueFilter } from "../filter";
import type { ReviewBoards } from "../types";
import { leaseKey, RENEW_MS, wantedOf } from "./leasePairs";

/** One on screen, one fetched ahead. */
const BOARDS_HELD = 2;

/** The identities that this person holds against their rivals; asking again renews them. */
export function boardsQuery(sceneId: number, filter: QueueFilter) {
  return queryOptions({
    queryKey: [...leaseKey(sceneId), "boards", filter],
    queryFn: ({ signal }): Promise<ReviewBoards> => {
      const body = { limit: BOARDS_HELD, ...wantedOf(filter) };
      const params = { path: { scene_id: sceneId } };
      return answered(api.POST("/api/v1/scenes/{scene_id}/review/boards", { params, body, signal }));
    },
    refetchInterval: RENEW_MS,
    gcTime: 0,
  });
}
