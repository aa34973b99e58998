/** Regions while they are drawn: polygons of picture points, the last of them perhaps still open. */

export type Point = readonly [number, number];

export interface Drawing {
  readonly polygons: readonly (readonly Point[])[];
  /** The corners of the one that is being drawn. */
  readonly open: readonly Point[];
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export const EMPTY: Drawing = { polygons: [], open: [] };

export function drawingOf(polygons: readonly (readonly (readonly number[])[])[] | null): Drawing {
  const points = (polygon: readonly (readonly number[])[]): Point[] =>
    polygon.map(([x = 0, y = 0]) => [x, y]);
  return { polygons: (polygons ?? []).map(points), open: [] };
}

/** The nearest point of the picture, to a tenth of a pixel. */
export function inside([x, y]: Point, { width, height }: PictureSize): Point {
  const kept = (value: number, most: number): number =>
    Math.round(Math.max(0, Math.min(value, most)) * 10) / 10;
  return [kept(x, width), kept(y, height)];
}

export function withCorner(drawing: Drawing, corner: Point): Drawing {
  return { ...drawing, open: [...drawing.open, corner] };
}

/** The open polygon becomes a region; with fewer than three corners nothing changes. */
export function closed(drawing: Drawing): Drawing {
  if (drawing.open.length < 3) return drawing;
  return { polygons: [...drawing.polygons, drawing.open], open: [] };
}

/** `polygon` is its place among the polygons; one beyond them is the open one. */
export function withPolygon(drawing: Drawing, polygon: number, corners: readonly Point[]): Drawing {
  if (polygon >= drawing.polygons.length) return { ...drawing, open: corners };
  const kept = drawing.polygons.map((before, place) => (place === polygon ? corners : before));
  return { ...drawing, polygons: kept.filter(({ length }) => length >= 3) };
}

export function cornersOf(drawing: Drawing, polygon: number): readonly Point[] {
  return drawing.polygons[polygon] ?? drawing.open;
}

export function withMovedCorner(drawing: Drawing, polygon: number, corner: number, to: Point): Drawing {
  const corners = cornersOf(drawing, polygon).map((before, place) => (place === corner ? to : before));
  return withPolygon(drawing, polygon, corners);
}

/** Without one corner; a region of three corners goes as a whole. */
export function withoutCorner(drawing: Drawing, polygon: number, corner: number): Drawing {
  return withPolygon(
    drawing,
    polygon,
    cornersOf(drawing, polygon).filter((_, place) => place !== corner),
  );
}

export function sameRegions(one: Drawing, other: Drawing): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
