import { describe, expect, test } from "vitest";
import { boxUnder, dragged, gripAt, nearest, spanned } from "./handles";

const PICTURE = { width: 100, height: 50 };

describe("a box under the pointer", () => {
  test("is held at its corners and sides, or as a whole", () => {
    const box = [10, 10, 40, 30] as const;
    expect(gripAt(box, 10, 30, 2)).toEqual({ x: -1, y: 1 });
    expect(gripAt(box, 40, 20, 2)).toEqual({ x: 1, y: 0 });
    expect(gripAt(box, 25, 20, 2)).toEqual({ x: 0, y: 0 });
    expect(gripAt(box, 5, 20, 2)).toBeNull();
  });
  test("moves within the picture and is never turned over", () => {
    const box = [10, 10, 40, 30] as const;
    expect(dragged(box, { x: 0, y: 0 }, 90, -50, PICTURE)).toEqual([70, 0, 100, 20]);
    expect(dragged(box, { x: -1, y: 0 }, 90, 0, PICTURE)).toEqual([36, 10, 40, 30]);
    expect(dragged(box, { x: 1, y: 1 }, 200, 5, PICTURE)).toEqual([10, 10, 100, 35]);
  });
  test("drawn from any corner is the same; too small is none", () => {
    expect(spanned(40, 30, 10, 10, PICTURE)).toEqual([10, 10, 40, 30]);
    expect(spanned(10, 10, 12, 40, PICTURE)).toBeNull();
  });
  test("is the smallest; candidates come by distance", () => {
    const boxes = [
      { track: 1, box: [0, 0, 50, 50] as const },
      { track: 2, box: [10, 10, 20, 20] as const },
    ];
    expect(boxUnder(boxes, 15, 15)?.track).toBe(2);
    expect(boxUnder(boxes, 20, 20)?.track).toBe(1);
    expect(nearest(boxes, [12, 12, 18, 18]).map(({ track }) => track)).toEqual([2, 1]);
  });
});
