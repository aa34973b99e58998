/** The ground as a grid of metres over the picture, from a homography. */
import { multiples, roundLength } from "@/lib/plot/ticks";
import type { PictureSize, Point } from "./regionDraft";

/** 3 x 3, row by row. */
export type Matrix = readonly number[];

export interface Lens {
  /** 3 x 3, row by row. */
  readonly intrinsics: Matrix;
  /** k1 k2 p1 p2 k3, as many as are known. */
  readonly distortion: readonly number[];
}

const REACH_M = 80;
const LINES = 12;
const PIECES = 60;
const SAMPLES = [0.02, 0.2, 0.4, 0.6, 0.8, 0.98];
/** Lines are followed this far outside of the picture, in pictures. */
const BEYOND = 0.5;

/** A point through a matrix; null at and behind the horizon, where the third coordinate is not positive. */
export function mapped(matrix: Matrix, [x, y]: Point): Point | null {
  const row = (place: number): number =>
    (matrix[place] ?? 0) * x + (matrix[place + 1] ?? 0) * y + (matrix[place + 2] ?? 0);
  const depth = row(6);
  return depth > 0 ? [row(0) / depth, row(3) / depth] : null;
}

/** The inverse up to a positive factor: cofactors, turned over where the determinant is negative. */
export function inverse(matrix: Matrix): Matrix {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = matrix;
  const cofactors = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  const determinant = a * (cofactors[0] ?? 0) + b * (cofactors[3] ?? 0) + c * (cofactors[6] ?? 0);
  return cofactors.map((value) => value * Math.sign(determinant));
}

/** Where the lens shows an undistorted pixel (the model of OpenCV); null far out, where the model turns back. */
export function throughLens([u, v]: Point, lens: Lens | null): Point | null {
  if (!lens || lens.distortion.every((value) => value === 0)) return [u, v];
  const [fx = 1, , cx = 0, , fy = 1, cy = 0] = lens.intrinsics;
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0] = lens.distortion;
  const [x, y] = [(u - cx) / fx, (v - cy) / fy];
  const r2 = x * x + y * y;
  const slope = 1 + r2 * (3 * k1 + r2 * (5 * k2 + r2 * 7 * k3));
  if (slope <= 0) return null;
  const radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  const bentX = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x);
  const bentY = y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y;
  return [bentX * fx + cx, bentY * fy + cy];
}

/** Where the camera shows a place on the ground; null where it cannot. */
export function seenAt(metresToImage: Matrix, place: Point, lens: Lens | null): Point | null {
  const straight = mapped(metresToImage, place);
  return straight && throughLens(straight, lens);
}

export interface GroundGrid {
  /** Metres between lines. */
  readonly step: number;
  /** Lines as paths of an SVG in picture pixels. */
  readonly lines: readonly string[];
}

/** The grid on the ground that the picture shows, up to 80 m from its nearest place. */
export function groundGrid(metresToImage: Matrix, lens: Lens | null, size: PictureSize): GroundGrid | null {
  const seen = placesShown(metresToImage, size);
  if (seen.length < 3) return null;
  const [left, right] = extent(seen.map(([x]) => x));
  const [bottom, top] = extent(seen.map(([, y]) => y));
  const step = roundLength(Math.max(right - left, top - bottom) / LINES);
  const draw = (from: Point, to: Point): string => path(line(from, to), metresToImage, lens, size);
  const lines = [
    ...multiples(left, right, step).map((x) => draw([x, bottom], [x, top])),
    ...multiples(bottom, top, step).map((y) => draw([left, y], [right, y])),
  ];
  return { step, lines: lines.filter(Boolean) };
}

function placesShown(metresToImage: Matrix, { width, height }: PictureSize): Point[] {
  const toGround = inverse(metresToImage);
  const under = (x: number, y: number): Point | null => mapped(toGround, [x * width, y * height]);
  const near = under(0.5, 1);
  if (!near) return [];
  const all = SAMPLES.flatMap((x) => [...SAMPLES, 1].map((y) => under(x, y)));
  return all.filter(
    (place): place is Point =>
      place !== null && Math.hypot(place[0] - near[0], place[1] - near[1]) <= REACH_M,
  );
}

function extent(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function line([x1, y1]: Point, [x2, y2]: Point): Point[] {
  return Array.from({ length: PIECES + 1 }, (_, piece) => {
    const share = piece / PIECES;
    return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
  });
}

/** Begun anew after what the camera cannot see. */
function path(
  places: readonly Point[],
  metresToImage: Matrix,
  lens: Lens | null,
  { width, height }: PictureSize,
): string {
  let text = "";
  let isDown = false;
  for (const place of places) {
    const pixel = seenAt(metresToImage, place, lens);
    const isNear =
      pixel !== null &&
      Math.abs(pixel[0] / width - 0.5) < 0.5 + BEYOND &&
      Math.abs(pixel[1] / height - 0.5) < 0.5 + BEYOND;
    if (isNear) text += `${isDown ? "L" : "M"}${pixel[0].toFixed(1)} ${pixel[1].toFixed(1)}`;
    isDown = isNear;
  }
  return text.includes("L") ? text : "";
}
