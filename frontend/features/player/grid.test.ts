import { expect, test } from "vitest";
import { bestColumns } from "./grid";

test.each([
  [1, 1000, 600, 1],
  [2, 1000, 400, 2],
  [2, 600, 900, 1],
  [4, 1000, 560, 2],
  [4, 1600, 300, 4],
  [6, 1200, 600, 3],
])("%i cameras in %i x %i: %i columns", (count, width, height, columns) => {
  expect(bestColumns(count, width, height, 16 / 9, 28)).toBe(columns);
});
