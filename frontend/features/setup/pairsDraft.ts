/** Pairs of points while they are collected: where in the picture, and where on the ground that is. */

import { counted } from "@/lib/format";
import type { Pairs } from "./api/changeSetup";
import type { Setup } from "./api/getSetup";
import type { Point } from "./regionDraft";

export type Unit = Pairs["unit"];
export type Place = readonly [number | null, number | null];

export interface Pair {
  /** Stays the same while the pair is changed. */
  readonly key: number;
  readonly pixel: Point;
  readonly place: Place;
}

export interface PairsDraft {
  readonly unit: Unit;
  readonly pairs: readonly Pair[];
}

export const FEWEST = 4;
export const PLACES: Record<Unit, readonly [string, string]> = {
  metres: ["x, m east", "y, m north"],
  degrees: ["latitude, °", "longitude, °"],
};

export function draftOf(
  calibration: Pick<NonNullable<Setup["calibration"]>, "unit" | "pairs"> | null,
): PairsDraft {
  const pairs = (calibration?.pairs ?? []).map(({ pixel, place }, key) => ({
    key,
    pixel: [pixel[0] ?? 0, pixel[1] ?? 0] as const,
    place: [place[0] ?? null, place[1] ?? null] as const,
  }));
  return { unit: calibration?.unit ?? "metres", pairs };
}

export function withPair(draft: PairsDraft, pixel: Point): PairsDraft {
  const key = 1 + Math.max(-1, ...draft.pairs.map((pair) => pair.key));
  return { ...draft, pairs: [...draft.pairs, { key, pixel, place: [null, null] }] };
}

export function withChange(draft: PairsDraft, key: number, change: Partial<Omit<Pair, "key">>): PairsDraft {
  return { ...draft, pairs: draft.pairs.map((pair) => (pair.key === key ? { ...pair, ...change } : pair)) };
}

export function withoutPair(draft: PairsDraft, key: number): PairsDraft {
  return { ...draft, pairs: draft.pairs.filter((pair) => pair.key !== key) };
}

/** Whether both say the same of the same points; no points say nothing in any unit. */
export function samePairs(one: PairsDraft, other: PairsDraft): boolean {
  const said = ({ unit, pairs }: PairsDraft) =>
    JSON.stringify([pairs.length > 0 && unit, pairs.map(({ pixel, place }) => [pixel, place])]);
  return said(one) === said(other);
}

export function pairsWords({ unit, pairs }: PairsDraft): string {
  if (pairs.length === 0) return "no points";
  return `${counted(pairs.length, "point")}, in ${unit === "metres" ? "metres" : "latitude and longitude"}`;
}

export function isComplete({ place: [first, second] }: Pair): boolean {
  return first !== null && second !== null;
}

/** What the server is asked about: the complete pairs, if there are enough of them. */
export function asked({ unit, pairs }: PairsDraft): Pairs | null {
  const complete = pairs.filter(isComplete);
  if (complete.length < FEWEST) return null;
  return {
    unit,
    pairs: complete.map(({ pixel, place }) => ({
      pixel: [...pixel],
      place: place.map((value) => value ?? 0),
    })),
  };
}

/** Two numbers as they are copied from a map or a table: "48.1, 11.5", "48.1 11.5". Null for anything else. */
export function pastedPlace(text: string): [number, number] | null {
  const numbers = text.trim().split(/[\s,;]+/);
  const [first = Number.NaN, second = Number.NaN] = numbers.map(Number);
  return numbers.length === 2 && Number.isFinite(first) && Number.isFinite(second) ? [first, second] : null;
}
