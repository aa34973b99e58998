/** A plan while it is placed: points with their places, and cameras that stand on it. */

import { counted } from "@/lib/format";
import type { Placing, Plan } from "./api/plan";
import { draftOf, isComplete, type PairsDraft, pairsWords, samePairs, type Unit } from "./pairsDraft";
import type { Point } from "./regionDraft";

export interface PlanDraft extends PairsDraft {
  readonly cameras: ReadonlyMap<number, Point>;
  /** Of the picture that it is drawn on. */
  readonly size: readonly [width: number | null, height: number | null];
}

export const FEWEST = 2;

type Placed = Pick<Plan, "unit" | "pairs" | "cameras" | "width" | "height">;

export function planDraftOf({ unit, pairs, cameras, width, height }: Placed): PlanDraft {
  return {
    ...draftOf({ unit, pairs }),
    size: [width, height],
    cameras: new Map(cameras.map(({ camera, pixel: [u = 0, v = 0] }) => [camera, [u, v]])),
  };
}

export function samePlan(one: PlanDraft, other: PlanDraft): boolean {
  const rest = ({ cameras, size }: PlanDraft) =>
    JSON.stringify([[...cameras].sort(([one], [other]) => one - other), size]);
  return samePairs(one, other) && rest(one) === rest(other);
}

export function planWords(plan: Placed): string {
  const { size, cameras, ...draft } = planDraftOf(plan);
  if (size[0] === null) return "no picture";
  return `a picture of ${size.join(" x ")} pixels, ${pairsWords(draft)}, ${counted(cameras.size, "camera")} on it`;
}

export function withCamera(draft: PlanDraft, camera: number, at: Point | null): PlanDraft {
  const cameras = new Map(draft.cameras);
  if (at) cameras.set(camera, at);
  else cameras.delete(camera);
  return { ...draft, cameras };
}

/** What is saved: null while a point has no place, or one point alone says nothing. */
export function placing({ unit, pairs, cameras }: PlanDraft): Placing | null {
  if (!pairs.every(isComplete) || pairs.length === FEWEST - 1) return null;
  return {
    unit,
    pairs: pairs.map(({ pixel, place }) => ({ pixel: [...pixel], place: place.map((value) => value ?? 0) })),
    cameras: [...cameras].map(([camera, pixel]) => ({ camera, pixel: [...pixel] })),
  };
}

/** Maps pixels of a placed plan to places and back; null for a plan that does not lie on the ground in this unit. */
export function planMapping({ to_ground, to_degrees }: Pick<Plan, "to_ground" | "to_degrees">, unit: Unit) {
  const matrix = unit === "metres" ? to_ground : to_degrees;
  if (!matrix) return null;
  const [a = 0, b = 0, x = 0, c = 0, d = 0, y = 0] = matrix;
  const whole = a * d - b * c;
  if (whole === 0) return null;
  return {
    place: ([u, v]: Point): Point => [a * u + b * v + x, c * u + d * v + y],
    pixel: ([p, q]: Point): Point => [
      (d * (p - x) - b * (q - y)) / whole,
      (a * (q - y) - c * (p - x)) / whole,
    ],
  };
}
