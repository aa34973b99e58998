import { describe, expect, test } from "vitest";
import { listed, neighbour } from "./filter";
import { track } from "./testing";

describe("the list", () => {
  const tracks = [
    track(1, [[1, 6]], { identity: 11, category: 6 }),
    track(2, [[2, 7]], { identity: null, colour: "red" }),
    track(3, [[3, 8]], { identity: 13, human: true, note: "taxi" }),
  ];
  const ids = (words: string, changes = {}) =>
    listed(tracks, { words, onlyHere: false, order: "start", ...changes }, 7).map(({ id }) => id);

  test.each([
    ["", [1, 2, 3]],
    ["bus", [1]],
    ["t2", [2]],
    ["#13", [3]],
    ["13", [3]],
    ["red car", [2]],
    ["edited", [3]],
    ["taxi bus", []],
  ])("%o finds %o", (words, found) => expect(ids(words)).toEqual(found));

  test("of the frame on screen, by order", () => {
    expect(ids("", { onlyHere: true, order: "identity" })).toEqual([3, 2]);
  });
  test("its neighbours end at its ends", () => {
    expect([
      neighbour([4, 5], 5, 1),
      neighbour([4, 5], null, 1),
      neighbour([4, 5], null, -1),
      neighbour([], 4, 1),
    ]).toEqual([5, 4, 5, null]);
  });
});
