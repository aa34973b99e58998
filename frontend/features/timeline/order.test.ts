import { expect, test } from "vitest";
import { arranged, moved } from "./order";

test("a person's order is kept, new cameras take their place along the road, cameras that went away are forgotten", () => {
  expect(arranged([1, 2, 3], [])).toEqual([1, 2, 3]);
  expect(arranged([1, 2, 3, 4], [3, 9, 1])).toEqual([3, 2, 1, 4]);
});

test("a camera moves by one place and not beyond the ends", () => {
  expect(moved([1, 2, 3], 2, 1)).toEqual([1, 3, 2]);
  expect(moved([1, 2, 3], 1, -1)).toEqual([1, 2, 3]);
  expect(moved([1, 2, 3], 7, 1)).toEqual([1, 2, 3]);
});
