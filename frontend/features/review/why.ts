import { percent } from "@/lib/format";
import type { Pair } from "./types";

/** What the machine thinks of a pair, in one figure. */
export interface Belief {
  /** The large figure. */
  readonly figure: string;
  readonly words: string;
  /** Where it comes from. */
  readonly basis: string;
}

/** The calibrated probability where there is one; else how near the pair is among all that were compared. */
export function beliefOf({ probability, distance_percentile }: Pair): Belief {
  if (probability != null)
    return { figure: percent(probability, 0), words: "the same vehicle", basis: "Calibrated probability." };
  if (distance_percentile != null)
    return {
      figure: `nearest ${rank(distance_percentile)}`,
      words: "of all compared pairs",
      basis: "This run has no calibrated probability.",
    };
  return { figure: "–", words: "never compared", basis: "The matcher did not compare these two." };
}

/** A share of compared pairs, never finer than a tenth of a percent. */
export function rank(share: number): string {
  return share < 0.001 ? "0.1%" : percent(share, share < 0.1 ? 1 : 0);
}

/** What an answer would do, in a sentence. */
export function decidesWords({ decides, joined, left, right, kind }: Pair): string {
  if (kind === "contradiction")
    return "Answers contradict each other, so one of them is wrong. Yours settles this pair.";
  const others = decides > 1 ? ` Settles ${decides} pairs at once.` : "";
  if (joined)
    return `Now one identity of ${left.identity.tracklet_count} tracklets; “different” separates them.${others}`;
  const sizes = `${left.identity.tracklet_count} + ${right.identity.tracklet_count}`;
  return `Now two identities; “same” joins them (${sizes} tracklets).${others}`;
}

export interface HistogramBar {
  /** All 0 to 1, from the left and from the bottom. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
  /** The pair's own time falls into it. */
  readonly holds: boolean;
}

/** Bars of a histogram and where `value` lies on it; the value is kept on the picture even beyond the last edge. */
export function histogramBars(
  edges: readonly number[],
  counts: readonly number[],
  value: number,
): { bars: readonly HistogramBar[]; at: number; isOutside: boolean } {
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 1;
  const span = Math.max(last - first, 1e-6);
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, index) => {
    const from = edges[index] ?? first;
    const to = edges[index + 1] ?? last;
    const holds = value >= from && (value < to || (index === counts.length - 1 && value <= to));
    return { left: (from - first) / span, width: (to - from) / span, height: count / most, holds };
  });
  const at = Math.max(0, Math.min(1, (value - first) / span));
  return { bars, at, isOutside: value < first || value > last };
}
