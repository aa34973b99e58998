import { describe, expect, test } from "vitest";
import { type Bars, barsOf, density, firstFrom, packLanes, STATES, stepsOf, wholeOf } from "./bars";
import { barAt, barMiddles, nearestInLane, neighbour, placeLanes, TimeScale } from "./layout";

type Row = [id: number, camera: number, start: number, end: number, identity: number, state: number];

/** Bars from rows; times in seconds. */
function table(...rows: Row[]): Bars {
  const columns = {
    id: rows.map(([id]) => id),
    camera: rows.map(([, camera]) => camera),
    number: rows.map(([id]) => id),
    start_ms: rows.map(([, , start]) => start * 1000),
    end_ms: rows.map(([, , , end]) => end * 1000),
    identity: rows.map(([, , , , identity]) => identity),
    state: rows.map(([, , , , , state]) => state),
  };
  return barsOf([{ columns, states: [...STATES] }]);
}

const town = table(
  [11, 1, 0, 10, 5, 1],
  [12, 1, 5, 12, 6, 2],
  [13, 1, 11, 20, 7, 0],
  [21, 2, 14, 16, 5, 1],
  [22, 2, 30, 31, 6, 2],
);
const ids = (bars: Iterable<number>): (number | undefined)[] => Array.from(bars, (bar) => town.id[bar]);

describe("bars", () => {
  test("pages become one table in order of their start, states by their names", () => {
    const page = (id: number, start: number) => ({
      states: ["contradictory", "single", "machine", "confirmed"] as (typeof STATES)[number][],
      columns: {
        id: [id],
        camera: [1],
        number: [1],
        start_ms: [start],
        end_ms: [9000],
        identity: [0],
        state: [0],
      },
    });
    const bars = barsOf([page(1, 4000), page(2, 1500)]);
    expect([...bars.id]).toEqual([2, 1]);
    expect(bars.start[0]).toBe(1.5);
    expect(STATES[bars.state[0] ?? 0]).toBe("contradictory");
  });

  test("a lane has as many rows as bars are in view together, and no bar of a row overlaps another", () => {
    const [first, second] = packLanes(town, [1, 2]);
    expect(first?.rows.map((row) => ids(row))).toEqual([[11, 13], [12]]);
    expect(second?.rows.map((row) => ids(row))).toEqual([[21, 22]]);
  });

  test("the first bar from a moment on is found", () => {
    const row = packLanes(town, [1])[0]?.rows[0] ?? new Int32Array();
    expect(firstFrom(town, row, 10)).toBe(0);
    expect(firstFrom(town, row, 10.5)).toBe(1);
    expect(firstFrom(town, row, 21)).toBe(2);
  });

  test("steps lead from camera to camera, those of note first", () => {
    const steps = stepsOf(town);
    expect(ids(steps.from)).toEqual([12, 11]);
    expect(ids(steps.to)).toEqual([22, 21]);
  });

  test("density counts what is in view", () => {
    expect(wholeOf(town)).toEqual({ from: 0, to: 31 });
    expect([...density(town, { from: 0, to: 40 }, 4)]).toEqual([2, 4, 1, 1]);
  });
});

describe("the layout", () => {
  const { lanes, total } = placeLanes(packLanes(town, [1, 2]), 200);
  const scale = new TimeScale({ from: 0, to: 40 }, 400);

  test("rows are of one height and lanes follow one another", () => {
    const [first, second] = lanes;
    expect(first?.height).toBe(2 * (first?.rowHeight ?? 0));
    expect(second?.top).toBeGreaterThan((first?.top ?? 0) + (first?.height ?? 0));
    expect(total).toBeLessThanOrEqual(200);
  });

  test("many lanes grow beyond the room instead of becoming invisible", () => {
    const many = placeLanes(packLanes(town, [1, 2, 3, 4, 5, 6, 7, 8]), 60);
    expect(many.total).toBeGreaterThan(60);
    expect(many.lanes[0]?.rowHeight).toBe(3);
  });

  test("the bar under the pointer is found, and the nearest one within reach", () => {
    const middle = barMiddles(town, lanes)[0] ?? 0;
    const under = (x: number, y: number) => ids([barAt(town, lanes, scale, x, y) ?? -1])[0];
    expect(under(50, middle)).toBe(11);
    expect(under(102, middle)).toBe(11);
    expect(under(108, middle)).toBe(13);
    expect(under(250, middle)).toBeUndefined();
    expect(under(50, 5)).toBeUndefined();
  });

  test("arrow keys go along a lane and to the next one that has bars", () => {
    const packed = packLanes(town, [1, 9, 2]);
    const from = ids([0])[0] === 11 ? 0 : 1;
    expect(ids([neighbour(town, packed, from, "right") ?? -1])).toEqual([12]);
    expect(neighbour(town, packed, from, "left")).toBeNull();
    expect(ids([neighbour(town, packed, from, "down") ?? -1])).toEqual([21]);
    expect(neighbour(town, packed, from, "up")).toBeNull();
  });

  test("the nearest bar of a lane is by its start", () => {
    const [first] = packLanes(town, [1]);
    expect(ids([nearestInLane(town, first, 6) ?? -1])).toEqual([12]);
    expect(nearestInLane(town, { camera: 3, rows: [] }, 6)).toBeNull();
  });
});
