// @vitest-environment jsdom
import { expect, test } from "vitest";
import { type Likeness, sidesAs } from "./getLikeness";

test("maps come on the sides on which the two are shown, whichever way round they are kept", () => {
  const maps = { similarity: 0.7, left: [[1]], right: [[2]] };
  const kept: Likeness = { id: 5, left: 10, right: 11, state: "ready", problem: "", job: 9, maps };
  expect(sidesAs({ tracklet: 10, rank: 0 }, kept)).toEqual(kept);
  expect(sidesAs({ tracklet: 11, rank: 3 }, kept)).toEqual({
    ...kept,
    left: 11,
    right: 10,
    maps: { similarity: 0.7, left: [[2]], right: [[1]] },
  });
  const waiting: Likeness = { ...kept, state: "waiting", maps: null };
  expect(sidesAs({ tracklet: 11, rank: 0 }, waiting)).toEqual(waiting);
});
