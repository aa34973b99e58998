import { expect, test } from "vitest";
import { type LaneBar, placeBars } from "./lanes";

function bar(key: number, start_s: number, end_s: number): LaneBar {
  return { key, camera: 1, identity: key, start_s, end_s };
}

test("vehicles in view together lie in rows of their own, later ones use free rows again", () => {
  const { bars, rows } = placeBars([bar(3, 6, 9), bar(1, 0, 5), bar(2, 4, 8)]);
  expect(bars.map(({ key, row }) => [key, row])).toEqual([
    [1, 0],
    [2, 1],
    [3, 0],
  ]);
  expect(rows).toBe(2);
});

test("a lane has at most four rows however many are in view", () => {
  const { bars, rows } = placeBars([1, 2, 3, 4, 5, 6].map((key) => bar(key, 0, 10)));
  expect(rows).toBe(4);
  expect(Math.max(...bars.map(({ row }) => row))).toBe(3);
});

test("an empty lane has one row", () => {
  expect(placeBars([])).toEqual({ bars: [], rows: 1 });
});
