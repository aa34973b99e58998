import { multiples, roundLength } from "@/lib/plot/ticks";

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

/** What lies between `from` and `to` on an axis. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const MARKS = 4;

/** From 0, or from the smallest, to a little above the largest; never empty. */
export function rangeOf(values: readonly number[], zero: boolean): Range {
  const low = zero ? 0 : Math.min(...values, 0);
  const high = Math.max(...values, low);
  return { from: low, to: high > low ? high : low + 1 };
}

/** Round marks along an axis, five at most. */
export function marksOf({ from, to }: Range): number[] {
  const step =
    roundLength((to - from) / MARKS) *
    ((to - from) / MARKS / roundLength((to - from) / MARKS) > 1.0001 ? 2 : 1);
  return multiples(from, to, step);
}

/** A value's place in the drawing, in its pixels. */
export function placed(point: Place, x: Range, y: Range, frame: Frame): Place {
  const wide = frame.width - frame.left;
  const high = frame.height - frame.bottom - frame.top;
  return {
    x: frame.left + ((point.x - x.from) / (x.to - x.from)) * wide,
    y: frame.top + high - ((point.y - y.from) / (y.to - y.from)) * high,
  };
}

/** The line through the points, as an SVG path. */
export function linePath(points: readonly Place[]): string {
  return points.map(({ x, y }, index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** The mean of each run of points, so that a line of thousands of steps is drawn by some hundred. */
export function thinned(points: readonly Place[], most: number): Place[] {
  const size = Math.ceil(points.length / most);
  if (size <= 1) return [...points];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const part = points.slice(index * size, (index + 1) * size);
    const mean = (of: (point: Place) => number) =>
      part.reduce((sum, point) => sum + of(point), 0) / part.length;
    return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
  });
}
