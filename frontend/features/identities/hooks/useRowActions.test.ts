import { expect, test } from "vitest";
import { nextRow } from "./useRowActions";

test("keys open the first identity, then the next ones, and stop at the ends", () => {
  const numbers = [7, 3, 9];
  expect(nextRow(numbers, null, 1)).toBe(0);
  expect(nextRow(numbers, 7, 1)).toBe(1);
  expect(nextRow(numbers, 9, 1)).toBe(2);
  expect(nextRow(numbers, 3, -1)).toBe(0);
  expect(nextRow(numbers, 7, -1)).toBe(0);
  expect(nextRow(numbers, 44, -1)).toBe(0);
});
