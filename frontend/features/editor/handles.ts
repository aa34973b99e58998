/** Boxes under the pointer: which part of one is held, and what a drag makes of it. In video pixels. */
import type { Box, TrackBox } from "./types";
import type { Size } from "./view";

/** Which sides follow the pointer: -1 left or top, 1 right or bottom, 0 neither; both 0: the whole box. */
export interface Grip {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** A vehicle smaller than this is not a box any more. */
export const SMALLEST_PX = 4;

/** What of `box` is held at (x, y), `reach` around its sides; null outside. */
export function gripAt([x1, y1, x2, y2]: Box, x: number, y: number, reach: number): Grip | null {
  if (x < x1 - reach || x > x2 + reach || y < y1 - reach || y > y2 + reach) return null;
  return { x: side(x, x1, x2, reach), y: side(y, y1, y2, reach) };
}

function side(at: number, low: number, high: number, reach: number): -1 | 0 | 1 {
  if (Math.abs(at - low) <= reach && at - low < high - at) return -1;
  return Math.abs(at - high) <= reach ? 1 : 0;
}

/** `box` with the held part moved by (dx, dy), inside the picture and never turned over. */
export function dragged(box: Box, grip: Grip, dx: number, dy: number, picture: Size): Box {
  const [x1, x2] = moved(box[0], box[2], grip.x, grip, dx, picture.width);
  const [y1, y2] = moved(box[1], box[3], grip.y, grip, dy, picture.height);
  return [x1, y1, x2, y2];
}

function moved(
  low: number,
  high: number,
  held: number,
  grip: Grip,
  by: number,
  end: number,
): [number, number] {
  if (grip.x === 0 && grip.y === 0) {
    const step = Math.max(-low, Math.min(by, end - high));
    return [low + step, high + step];
  }
  if (held < 0) return [Math.max(0, Math.min(low + by, high - SMALLEST_PX)), high];
  if (held > 0) return [low, Math.min(end, Math.max(high + by, low + SMALLEST_PX))];
  return [low, high];
}

/** The box between two corners, inside the picture; null while it is too small to be meant. */
export function spanned(fromX: number, fromY: number, toX: number, toY: number, picture: Size): Box | null {
  const box: Box = [
    Math.max(0, Math.min(fromX, toX)),
    Math.max(0, Math.min(fromY, toY)),
    Math.min(picture.width, Math.max(fromX, toX)),
    Math.min(picture.height, Math.max(fromY, toY)),
  ];
  return box[2] - box[0] >= SMALLEST_PX && box[3] - box[1] >= SMALLEST_PX ? box : null;
}

/** The smallest box under a point: where boxes overlap it is the one in front. */
export function boxUnder(boxes: readonly TrackBox[], x: number, y: number): TrackBox | null {
  let best: TrackBox | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const one of boxes) {
    const [x1, y1, x2, y2] = one.box;
    if (x < x1 || x >= x2 || y < y1 || y >= y2) continue;
    const area = (x2 - x1) * (y2 - y1);
    if (area < least) [best, least] = [one, area];
  }
  return best;
}

/** `boxes` by how near their middles are to that of `box`. */
export function nearest(boxes: readonly TrackBox[], [x1, y1, x2, y2]: Box): TrackBox[] {
  const distance = ({ box }: TrackBox): number =>
    Math.hypot((box[0] + box[2] - x1 - x2) / 2, (box[1] + box[3] - y1 - y2) / 2);
  return [...boxes].sort((a, b) => distance(a) - distance(b));
}
