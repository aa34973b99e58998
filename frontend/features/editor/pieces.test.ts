import { describe, expect, test } from "vitest";
import { boxesOn, frameIndex, piece } from "./pieces";
import { covers, frameCount, gapAround, joined } from "./spans";

describe("spans", () => {
  test("that touch or overlap become one", () => {
    expect(
      joined(
        [[0, 4]],
        [
          [5, 7],
          [10, 12],
          [11, 15],
        ],
      ),
    ).toEqual([
      [0, 7],
      [10, 15],
    ]);
  });
  test("a gap is between two boxes, not before the first or after the last", () => {
    const spans = [
      [10, 14],
      [18, 20],
    ] as const;
    expect([gapAround(spans, 16), gapAround(spans, 14), gapAround(spans, 5), gapAround(spans, 25)]).toEqual([
      [14, 18],
      null,
      null,
      null,
    ]);
    expect([covers(spans, 14), covers(spans, 15), frameCount(spans)]).toEqual([true, false, 8]);
  });
});

test("boxes by frame are those of exactly that frame, of all tracklets", () => {
  const pieces = new Map([
    [
      7,
      piece([
        [601, [1, 2, 3, 4]],
        [603, [5, 6, 7, 8]],
      ]),
    ],
    [8, piece([[603, [9, 9, 10, 10]]])],
  ]);
  const index = frameIndex(pieces, 600, 5);
  expect(boxesOn(index, 601)).toEqual([{ track: 7, box: [1, 2, 3, 4] }]);
  expect(boxesOn(index, 602)).toEqual([]);
  expect(boxesOn(index, 603).map(({ track }) => track)).toEqual([7, 8]);
  expect(boxesOn(index, 700)).toEqual([]);
});
