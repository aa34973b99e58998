import { expect, test } from "vitest";
import { Pace } from "./pace";

test("the pace is that of the last seconds, not of all time", () => {
  const pace = new Pace();
  expect(pace.heard(0, 0)).toBeNull();
  expect(pace.heard(1000, 1000)).toBe(1000);
  for (let second = 2; second <= 20; second++) pace.heard(1000 + (second - 1) * 100, second * 1000);
  expect(pace.heard(3000, 21_000)).toBeCloseTo(100, 0);
});
