import { expect, test } from "vitest";
import { placeOf, type StripBar, stripLanes, stripSpan, ticks } from "./strip";

function bar(camera: number, start_s: number, end_s: number): StripBar {
  return { id: camera, camera, identity: 1, start_s, end_s, side: null };
}

test("the strip covers all its bars with a margin, and at least ten seconds", () => {
  expect(stripSpan([bar(1, 20, 30), bar(2, 60, 120)])).toEqual({ from: 14, to: 126 });
  const short = stripSpan([bar(1, 50, 52)]);
  expect(short.to - short.from).toBeCloseTo(11.2);
  expect((short.from + short.to) / 2).toBeCloseTo(51);
});

test("a moment lies at its share of the strip", () => {
  expect(placeOf(25, { from: 20, to: 40 })).toBe(0.25);
});

test("of many cameras only those with something on them have a lane, in the scene's order", () => {
  const cameras = [4, 3, 2, 1].map((id) => ({ id, name: `c00${id}` }));
  expect(stripLanes(cameras, [bar(2, 0, 1), bar(4, 0, 1)], 4)).toHaveLength(4);
  expect(stripLanes(cameras, [bar(2, 0, 1), bar(4, 0, 1)], 3).map(({ id }) => id)).toEqual([4, 2]);
});

test("ticks are round moments inside the strip", () => {
  expect(ticks({ from: 14, to: 126 }, 8)).toEqual([15, 30, 45, 60, 75, 90, 105, 120]);
  expect(ticks({ from: 0.5, to: 9 }, 5)).toEqual([2, 4, 6, 8]);
});
