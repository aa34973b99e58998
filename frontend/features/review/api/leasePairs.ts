import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { ReviewQueue } from "../types";

export type PairState = "contradiction" | "uncertain" | "likely_same" | "likely_different";

/** Which pairs a person wants to be asked about. */
export interface QueueFilter {
  readonly state: PairState | null;
  /** A way between two cameras. */
  readonly link: number | null;
}

/** Pairs held at once: enough to fetch pictures ahead, few enough to leave others theirs. */
const PAIRS_HELD = 8;
/** A lease lasts five minutes. */
const RENEW_MS = 120_000;

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
      const body = {
        limit: PAIRS_HELD,
        ...(filter.state ? { state: filter.state } : {}),
        ...(filter.link === null ? {} : { link: filter.link }),
      };
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
