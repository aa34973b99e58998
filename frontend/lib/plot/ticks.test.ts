import { expect, test } from "vitest";
import { multiples, roundLength, timeStep } from "./ticks";

test.each([
  [100, 10, 10],
  [101, 10, 15],
  [3600, 12, 300],
  [1, 10, 0.1],
])("%d s with at most %d marks: every %d s", (length, most, step) => {
  expect(timeStep(length, most)).toBe(step);
});

test.each([
  [73, 50],
  [49, 20],
  [0.19, 0.1],
  [1000, 1000],
])("a scale bar of at most %d m is %d m long", (most, length) => {
  expect(roundLength(most)).toBeCloseTo(length);
});

test("multiples include both ends", () => {
  expect(multiples(0, 0.3, 0.1)).toHaveLength(4);
  expect(multiples(11, 31, 10)).toEqual([20, 30]);
});
