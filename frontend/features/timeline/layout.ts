import type { Span } from "@/lib/plot/span";
import { type Bars, firstFrom, type Lane } from "./bars";

export const AXIS_PX = 22;
export const LANE_GAP_PX = 10;
const MOST_ROW_PX = 16;
const LEAST_ROW_PX = 3;

/** Where a lane lies on the canvas, CSS pixels. */
export interface PlacedLane extends Lane {
  readonly top: number;
  readonly height: number;
  readonly rowHeight: number;
}

/** Lanes in `height` pixels: rows as high as there is room for, the same in all lanes. `total` may be more. */
export function placeLanes(lanes: readonly Lane[], height: number): { lanes: PlacedLane[]; total: number } {
  const rows = lanes.reduce((sum, lane) => sum + Math.max(1, lane.rows.length), 0);
  const room = height - AXIS_PX - lanes.length * LANE_GAP_PX;
  const rowHeight = Math.max(LEAST_ROW_PX, Math.min(MOST_ROW_PX, room / Math.max(rows, 1)));
  let top = AXIS_PX;
  const placed = lanes.map((lane) => {
    const place = { ...lane, top, height: Math.max(1, lane.rows.length) * rowHeight, rowHeight };
    top += place.height + LANE_GAP_PX;
    return place;
  });
  return { lanes: placed, total: top };
}

/** From scene seconds to pixels of a canvas `width` pixels wide, and back. */
export class TimeScale {
  readonly perSecond: number;

  constructor(
    readonly span: Span,
    readonly width: number,
  ) {
    this.perSecond = width / (span.to - span.from);
  }

  x(time: number): number {
    return (time - this.span.from) * this.perSecond;
  }

  time(x: number): number {
    return this.span.from + x / this.perSecond;
  }
}

const REACH_PX = 3;

/** The bar under a point, or the nearest one of its row within reach; null for none. */
export function barAt(
  bars: Bars,
  lanes: readonly PlacedLane[],
  scale: TimeScale,
  x: number,
  y: number,
): number | null {
  const lane = lanes.find(({ top, height }) => y >= top && y < top + height);
  const row = lane?.rows[Math.floor((y - lane.top) / lane.rowHeight)];
  if (!row) return null;
  const reach = REACH_PX / scale.perSecond;
  const time = scale.time(x);
  let best: number | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (let place = firstFrom(bars, row, time - reach); place < row.length; place++) {
    const bar = row[place] ?? 0;
    const start = bars.start[bar] ?? 0;
    if (start > time + reach) break;
    const off = Math.max(start - time, time - (bars.end[bar] ?? 0), 0);
    if (off < nearest) [best, nearest] = [bar, off];
  }
  return best;
}

/** Middle height of every bar, by its index; -1 for bars of cameras that are not shown. */
export function barMiddles(bars: Bars, lanes: readonly PlacedLane[]): Float32Array {
  const middles = new Float32Array(bars.count).fill(-1);
  for (const lane of lanes) {
    lane.rows.forEach((row, index) => {
      for (const bar of row) middles[bar] = lane.top + (index + 0.5) * lane.rowHeight;
    });
  }
  return middles;
}

export type Direction = "left" | "right" | "up" | "down";

/** The bar that an arrow key leads to: the next in time in its lane, or the one nearest in time in the next lane. */
export function neighbour(
  bars: Bars,
  lanes: readonly Lane[],
  from: number,
  direction: Direction,
): number | null {
  const at = lanes.findIndex(({ camera }) => camera === bars.camera[from]);
  if (direction === "left" || direction === "right") return inLane(bars, lanes[at], from, direction);
  const step = direction === "up" ? -1 : 1;
  for (let place = at + step; place >= 0 && place < lanes.length; place += step) {
    const found = nearestInLane(bars, lanes[place], bars.start[from] ?? 0);
    if (found !== null) return found;
  }
  return null;
}

function inLane(
  bars: Bars,
  lane: Lane | undefined,
  from: number,
  direction: "left" | "right",
): number | null {
  const step = direction === "left" ? -1 : 1;
  for (let bar = from + step; bar >= 0 && bar < bars.count; bar += step) {
    if (bars.camera[bar] === lane?.camera) return bar;
  }
  return null;
}

/** The bar of a lane that starts nearest to a moment; of the whole diagram's first lane for a start. */
export function nearestInLane(bars: Bars, lane: Lane | undefined, time: number): number | null {
  let best: number | null = null;
  for (const row of lane?.rows ?? []) {
    const place = firstFrom(bars, row, time);
    for (const bar of [row[place - 1], row[place]]) {
      if (bar === undefined) continue;
      const off = Math.abs((bars.start[bar] ?? 0) - time);
      if (best === null || off < Math.abs((bars.start[best] ?? 0) - time)) best = bar;
    }
  }
  return best;
}
