import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { QueueFilter } from "../filter";
import type { LeaseRequest, ReviewQueue } from "../types";

/** Pairs held at once: enough to fetch pictures ahead, few enough to leave others theirs. */
const PAIRS_HELD = 8;
/** A lease lasts five minutes. */
export const RENEW_MS = 120_000;

/** The filter as the server reads it; what is not asked for is left out. */
export function wantedOf(filter: QueueFilter): Omit<LeaseRequest, "limit"> {
  const { state, link, cameras, category, type, colour, from, to, atLeast, atMost } = filter;
  return {
    ...(state === null ? {} : { state }),
    ...(link === null ? {} : { link }),
    ...(cameras === null ? {} : { cameras: [...cameras] }),
    ...(category === null ? {} : { categories: [category] }),
    ...(type === null ? {} : { types: [type] }),
    ...(colour === null ? {} : { colours: [colour] }),
    ...(from === null ? {} : { from_s: from }),
    ...(to === null ? {} : { to_s: to }),
    ...(atLeast === null ? {} : { min_probability: atLeast }),
    ...(atMost === null ? {} : { max_probability: atMost }),
  };
}

export interface LeaseAnswer extends ReviewQueue {
  /** When it was asked for (ms): what was stored after that is not in it. */
  readonly askedAt: number;
}

export function leaseKey(sceneId: number): readonly unknown[] {
  return ["review-lease", sceneId];
}

/** The pairs that this person holds. Asking again renews them and fills them up. */
export function leaseQuery(sceneId: number, filter: QueueFilter) {
  return queryOptions({
    queryKey: [...leaseKey(sceneId), filter],
    queryFn: async ({ signal }): Promise<LeaseAnswer> => {
      const askedAt = Date.now();
      const body = { limit: PAIRS_HELD, ...wantedOf(filter) };
      const params = { path: { scene_id: sceneId } };
      const queue = await answered(
        api.POST("/api/v1/scenes/{scene_id}/review/lease", { params, body, signal }),
      );
      return { ...queue, askedAt };
    },
    refetchInterval: RENEW_MS,
    gcTime: 0,
  });
}
