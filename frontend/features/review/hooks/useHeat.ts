import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { likenessQuery, type View } from "../api/getLikeness";
import { type Heat, heatOf } from "../heat";
import type { Side } from "../sides";
import type { Pair, PairTracklet } from "../types";

export interface PairHeat {
  readonly state: "working" | "ready" | "failed";
  /** Why it failed. */
  readonly problem: unknown;
  /** Cosine of the two pictures that are shown. */
  readonly similarity: number | null;
  readonly maps: Readonly<Record<Side, Heat>> | null;
  readonly retry: () => void;
}

/** Where the two pictures on screen look alike, while that is wanted; null where it is not, or one has no picture. */
export function useHeat(
  run: number,
  pair: Pair,
  shown: Readonly<Record<Side, number>>,
  isWanted: boolean,
): PairHeat | null {
  const left = viewOf(pair.left, shown.left);
  const right = viewOf(pair.right, shown.right);
  const isPossible = isWanted && left !== null && right !== null;
  const nothing = { tracklet: 0, rank: 0 };
  const { data, error, isFetching, refetch } = useQuery({
    ...likenessQuery(run, left ?? nothing, right ?? nothing),
    enabled: isPossible,
  });
  const maps = useMemo(() => {
    return data?.maps ? { left: heatOf(data.maps.left), right: heatOf(data.maps.right) } : null;
  }, [data]);
  if (!isPossible) return null;
  const state = maps ? "ready" : isFetching ? "working" : "failed";
  const problem = error ?? (data?.problem || null);
  return { state, problem, similarity: data?.maps?.similarity ?? null, maps, retry: () => void refetch() };
}

function viewOf({ id, crop_ranks }: PairTracklet, view: number): View | null {
  const rank = crop_ranks[view] ?? crop_ranks[0];
  return rank === undefined ? null : { tracklet: id, rank };
}
