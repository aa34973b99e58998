import type { Schemas } from "@/lib/api/client";
import type { Span } from "@/lib/plot/span";

/** In the order of the server's `states`; the order is also that of drawing: the last lies on top. */
export const STATES = ["single", "machine", "confirmed", "contradictory"] as const;
export type BarState = (typeof STATES)[number];

/** Tracklets in columns, in order of their start. Times are scene seconds; identity 0 is none. */
export interface Bars {
  readonly count: number;
  readonly id: Float64Array;
  readonly camera: Float64Array;
  readonly number: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly identity: Int32Array;
  readonly state: Uint8Array;
}

/** The pages of the server's columns as one table. */
export function barsOf(pages: readonly Pick<Schemas["Diagram"], "columns" | "states">[]): Bars {
  const column = (name: keyof Schemas["DiagramColumns"]): number[] =>
    pages.flatMap((page) => page.columns[name]);
  const starts = column("start_ms");
  const order = starts.map((_, index) => index).sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b);
  const sorted = (name: keyof Schemas["DiagramColumns"]): number[] => {
    const values = column(name);
    return order.map((index) => values[index] ?? 0);
  };
  const codes = (pages[0]?.states ?? STATES).map((name) => STATES.indexOf(name));
  return {
    count: order.length,
    id: Float64Array.from(sorted("id")),
    camera: Float64Array.from(sorted("camera")),
    number: Int32Array.from(sorted("number")),
    start: Float64Array.from(sorted("start_ms"), (ms) => ms / 1000),
    end: Float64Array.from(sorted("end_ms"), (ms) => ms / 1000),
    identity: Int32Array.from(sorted("identity")),
    state: Uint8Array.from(sorted("state"), (code) => codes[code] ?? 0),
  };
}

/** From the first start to the last end; a second where there is nothing. */
export function wholeOf(bars: Bars): Span {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let bar = 0; bar < bars.count; bar++) {
    from = Math.min(from, bars.start[bar] ?? from);
    to = Math.max(to, bars.end[bar] ?? to);
  }
  return from < to ? { from, to } : { from: 0, to: 1 };
}

/** One camera's bars in rows, in each of which they follow one another without overlap: every row is its own index. */
export interface Lane {
  readonly camera: number;
  readonly rows: readonly Int32Array[];
}

/** The lanes of `cameras`, in their order, each in as few rows as its bars need. */
export function packLanes(bars: Bars, cameras: readonly number[]): Lane[] {
  const rows = new Map(cameras.map((camera) => [camera, [] as number[][]]));
  const ends = new Map(cameras.map((camera) => [camera, [] as number[]]));
  for (let bar = 0; bar < bars.count; bar++) {
    const camera = bars.camera[bar] ?? -1;
    const laneEnds = ends.get(camera);
    const laneRows = rows.get(camera);
    if (!laneEnds || !laneRows) continue;
    const start = bars.start[bar] ?? 0;
    const free = laneEnds.findIndex((end) => end < start);
    const row = free === -1 ? laneEnds.length : free;
    laneEnds[row] = bars.end[bar] ?? 0;
    if (free === -1) laneRows.push([bar]);
    else laneRows[row]?.push(bar);
  }
  return cameras.map((camera) => ({
    camera,
    rows: (rows.get(camera) ?? []).map((row) => Int32Array.from(row)),
  }));
}

/** The place in `row` of the first bar that ends at `time` or later. */
export function firstFrom(bars: Bars, row: Int32Array, time: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars.end[row[middle] ?? 0] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Every step of an identity from a tracklet to its next one in another camera, those of note first. */
export interface Steps {
  readonly count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** The steps of all identities. Contradictory ones come first, then confirmed ones, then the machine's. */
export function stepsOf(bars: Bars): Steps {
  const last = new Map<number, number>();
  const pairs: [number, number][] = [];
  for (let bar = 0; bar < bars.count; bar++) {
    const identity = bars.identity[bar] ?? 0;
    if (identity === 0) continue;
    const before = last.get(identity);
    if (before !== undefined && bars.camera[before] !== bars.camera[bar]) pairs.push([before, bar]);
    last.set(identity, bar);
  }
  pairs.sort(([a], [b]) => (bars.state[b] ?? 0) - (bars.state[a] ?? 0));
  return {
    count: pairs.length,
    from: Int32Array.from(pairs, ([from]) => from),
    to: Int32Array.from(pairs, ([, to]) => to),
  };
}

/** How many bars are in view in each of `bins` equal parts of `whole`. */
export function density(bars: Bars, whole: Span, bins: number): Float64Array {
  const changes = new Float64Array(bins + 1);
  const scale = bins / (whole.to - whole.from);
  for (let bar = 0; bar < bars.count; bar++) {
    const first = Math.floor(((bars.start[bar] ?? 0) - whole.from) * scale);
    const last = Math.floor(((bars.end[bar] ?? 0) - whole.from) * scale);
    const from = Math.max(0, Math.min(bins - 1, first));
    const past = Math.max(0, Math.min(bins - 1, last)) + 1;
    changes[from] = (changes[from] ?? 0) + 1;
    changes[past] = (changes[past] ?? 0) - 1;
  }
  let sum = 0;
  return changes.subarray(0, bins).map((change) => {
    sum += change;
    return sum;
  });
}
