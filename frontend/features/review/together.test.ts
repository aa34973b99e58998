import { expect, test } from "vitest";
import { longerFirst, seenTogether } from "./together";

const at = (camera: number, start_s: number, end_s: number) => ({ camera: { id: camera }, start_s, end_s });

test("two are seen together where one camera has both at one time, the last moment included", () => {
  expect(seenTogether(at(1, 0, 5), at(1, 5, 9))).toBe(true);
  expect(seenTogether(at(1, 5, 9), at(1, 0, 5))).toBe(true);
  expect(seenTogether(at(1, 0, 5), at(1, 5.1, 9))).toBe(false);
  expect(seenTogether(at(1, 0, 5), at(2, 0, 5))).toBe(false);
});

test("the longer one is offered to stay", () => {
  const [short, long] = [{ length: 3 }, { length: 30 }];
  expect(longerFirst([short, long])).toEqual([long, short]);
  expect(longerFirst([long, short])).toEqual([long, short]);
});
