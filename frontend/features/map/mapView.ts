import type { Size } from "@/lib/plot/canvas";

/** The ground on a canvas: the place in its middle, metres, and pixels a metre; north is up. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

const NEAREST = 60;
const FARTHEST = 0.005;
const ROOM_PX = 36;

/** The least bounds of points given as x, y in turn, lists of them; null without any. */
export function boundsOf(lists: Iterable<ArrayLike<number>>): Bounds | null {
  let [left, right, bottom, top] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const list of lists) {
    for (let index = 0; index + 1 < list.length; index += 2) {
      const x = list[index] ?? 0;
      const y = list[index + 1] ?? 0;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [bottom, top] = [Math.min(bottom, y), Math.max(top, y)];
    }
  }
  return left <= right ? { left, right, bottom, top } : null;
}

/** The nearest view that shows all of `bounds`. */
export function fitted(bounds: Bounds, { width, height }: Size): MapView {
  const across = (width - 2 * ROOM_PX) / Math.max(bounds.right - bounds.left, 10);
  const up = (height - 2 * ROOM_PX) / Math.max(bounds.top - bounds.bottom, 10);
  return {
    x: (bounds.left + bounds.right) / 2,
    y: (bounds.bottom + bounds.top) / 2,
    scale: Math.min(NEAREST, Math.max(FARTHEST, Math.min(across, up))),
  };
}

export function toScreen(view: MapView, size: Size, x: number, y: number): [number, number] {
  return [size.width / 2 + (x - view.x) * view.scale, size.height / 2 - (y - view.y) * view.scale];
}

/** A canvas transform of pixels of a plan, which `toGround` [2 x 3, row by row] maps to metres. */
export function planOnScreen(
  matrix: readonly number[],
  view: MapView,
  size: Size,
): [number, number, number, number, number, number] {
  const [ux = 0, vx = 0, x = 0, uy = 0, vy = 0, y = 0] = matrix;
  const { scale } = view;
  return [ux * scale, -uy * scale, vx * scale, -vy * scale, ...toScreen(view, size, x, y)];
}

export function toGround(view: MapView, size: Size, px: number, py: number): [number, number] {
  return [view.x + (px - size.width / 2) / view.scale, view.y - (py - size.height / 2) / view.scale];
}

/** Moved by pixels, as a hand moves a sheet of paper. */
export function dragged(view: MapView, dx: number, dy: number): MapView {
  return { ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale };
}

/** `factor` times as large about a point of the canvas. */
export function scaled(view: MapView, size: Size, factor: number, px: number, py: number): MapView {
  const [x, y] = toGround(view, size, px, py);
  const scale = Math.min(NEAREST, Math.max(FARTHEST, view.scale * factor));
  return { x: x - (px - size.width / 2) / scale, y: y + (py - size.height / 2) / scale, scale };
}
