import { describe, expect, it } from "vitest";
import { linePath, marksOf, placed, rangeOf, thinned } from "./curve";

const frame = { width: 110, height: 60, left: 10, top: 5, bottom: 5 };

describe("a curve", () => {
  it("has its origin left and below, and grows to the right and upwards", () => {
    const x = { from: 0, to: 4 };
    const y = { from: 0, to: 1 };
    expect(placed({ x: 0, y: 0 }, x, y, frame)).toEqual({ x: 10, y: 55 });
    expect(placed({ x: 4, y: 1 }, x, y, frame)).toEqual({ x: 110, y: 5 });
  });

  it("is drawn from point to point", () => {
    expect(linePath([])).toBe("");
    expect(
      linePath([
        { x: 1, y: 2 },
        { x: 3, y: 4.26 },
      ]),
    ).toBe("M1.0 2.0L3.0 4.3");
  });

  it("has an axis even where all values are alike", () => {
    expect(rangeOf([], true)).toEqual({ from: 0, to: 1 });
    expect(rangeOf([0.4, 0.2], true)).toEqual({ from: 0, to: 0.4 });
    expect(rangeOf([-2, 3], false)).toEqual({ from: -2, to: 3 });
  });

  it("has round marks, five at most", () => {
    for (const to of [0.07, 0.4, 1, 3, 8, 30, 4321]) {
      const marks = marksOf({ from: 0, to });
      expect(marks.length).toBeGreaterThan(1);
      expect(marks.length).toBeLessThanOrEqual(5);
    }
    expect(marksOf({ from: 0, to: 8 })).toEqual([0, 2, 4, 6, 8]);
  });

  it("is thinned by means", () => {
    const points = [0, 1, 2, 3, 4].map((x) => ({ x, y: 10 * x }));
    expect(thinned(points, 5)).toEqual(points);
    expect(thinned(points, 3)).toEqual([
      { x: 0.5, y: 5 },
      { x: 2.5, y: 25 },
      { x: 4, y: 40 },
    ]);
  });
});
