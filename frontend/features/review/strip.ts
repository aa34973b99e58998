import type { Side } from "./sides";

/** One tracklet on the strip of space and time. */
export interface StripBar {
  readonly id: number;
  readonly camera: number;
  readonly identity: number;
  readonly start_s: number;
  readonly end_s: number;
  /** A tracklet of the pair itself; null: another one of their identities. */
  readonly side: Side | null;
}

export interface StripLane {
  readonly id: number;
  readonly name: string;
}

export interface StripSpan {
  readonly from: number;
  readonly to: number;
}

/** Share of the length that is left free on both ends, and the shortest length worth drawing (seconds). */
const MARGIN = 0.06;
const SHORTEST_S = 10;

/** The time that the strip covers: all bars, with a margin. */
export function stripSpan(bars: readonly StripBar[]): StripSpan {
  const first = Math.min(...bars.map(({ start_s }) => start_s));
  const last = Math.max(...bars.map(({ end_s }) => end_s));
  const missing = Math.max(0, SHORTEST_S - (last - first)) / 2;
  const margin = Math.max(last - first, SHORTEST_S) * MARGIN + missing;
  return { from: first - margin, to: last + margin };
}

/** Where a moment lies on the strip, 0 to 1. */
export function placeOf(time: number, { from, to }: StripSpan): number {
  return (time - from) / (to - from);
}

/** All cameras while they are few; of many, those where something is to be seen, in the scene's order. */
export function stripLanes<L extends StripLane>(
  cameras: readonly L[],
  bars: readonly StripBar[],
  most: number,
): L[] {
  if (cameras.length <= most) return [...cameras];
  const seen = new Set(bars.map(({ camera }) => camera));
  return cameras.filter(({ id }) => seen.has(id));
}

/** Lengths between ticks that people read easily, seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];

/** Round moments on the strip, at most `most` of them. */
export function ticks({ from, to }: StripSpan, most: number): number[] {
  const step = STEPS.find((seconds) => (to - from) / seconds <= most) ?? (to - from) / most;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
}
