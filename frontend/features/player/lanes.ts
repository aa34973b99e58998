/** One bar on a camera's lane of the time line: one vehicle while it is in view. */
export interface LaneBar {
  readonly key: number;
  readonly camera: number;
  readonly identity: number;
  readonly start_s: number;
  readonly end_s: number;
}

export interface PlacedBar extends LaneBar {
  /** 0 is the top row of the lane. */
  readonly row: number;
}

/** Most rows of a lane: beyond, bars share the last one. */
const MOST_ROWS = 4;

/** Bars of one lane in as few rows as keep those apart that are in view together. Returns them and the row count. */
export function placeBars(bars: readonly LaneBar[]): { bars: readonly PlacedBar[]; rows: number } {
  const ends: number[] = [];
  const placed = [...bars]
    .sort((a, b) => a.start_s - b.start_s || a.key - b.key)
    .map((bar) => {
      const free = ends.findIndex((end) => end <= bar.start_s);
      const row = Math.min(free === -1 ? ends.length : free, MOST_ROWS - 1);
      ends[row] = Math.max(ends[row] ?? bar.end_s, bar.end_s);
      return { ...bar, row };
    });
  return { bars: placed, rows: Math.max(1, ends.length) };
}
