import { describe, expect, test } from "vitest";
import { appliedToPieces, appliedToTracks, type Edit } from "./edits";
import { entriesOf, piece } from "./pieces";
import { track } from "./testing";
import type { Box, Pieces, Span, Track } from "./types";

const at = (x: number): Box => [x, 0, x + 10, 10];

/** A tracklet whose box is at 10 times the frame, shifted. */
function moving(first: number, last: number, shift = 0) {
  const frames = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return piece(frames.map((frame) => [frame, at(frame * 10 + shift)] as const));
}

test("a category that people set leaves no type beside it that the network read, a colour leaves all", () => {
  const machine = { type: "van", type_chance: 0.8, colour: "red", colour_chance: 0.6 };
  const after = (changes: { category?: number; colour?: string }) =>
    appliedToTracks([track(1, [[0, 9]], { machine })], { op: "attributes", tracklet: 1, ...changes })[0]
      ?.machine;
  expect(after({ category: 6 })).toEqual({ ...machine, type: "", type_chance: null });
  expect(after({ category: 3 })).toEqual(machine);
  expect(after({ colour: "blue" })).toEqual(machine);
});

function spansAfter(edit: Edit, ...tracks: Track[]): Record<string, readonly Span[]> {
  return Object.fromEntries(appliedToTracks(tracks, edit).map(({ id, spans }) => [id, spans]));
}

function framesAfter(pieces: Pieces, edit: Edit): Record<string, [number, number][]> {
  const after = appliedToPieces(pieces, edit, 0, 99);
  return Object.fromEntries(
    [...after].map(([id, one]) => [id, entriesOf(one).map(([frame, [x]]) => [frame, x])]),
  );
}

const two: Pieces = new Map([
  [1, moving(4, 6)],
  [2, moving(5, 7, 500)],
]);

describe("the list after an edit", () => {
  test("a split ends one tracklet before the frame and begins another on it", () => {
    const split: Edit = { op: "split", id: -5, tracklet: 1, frame: 20 };
    expect(
      spansAfter(
        split,
        track(1, [
          [10, 14],
          [18, 29],
        ]),
      ),
    ).toEqual({
      1: [
        [10, 14],
        [18, 19],
      ],
      "-5": [[20, 29]],
    });
    expect(
      appliedToTracks([track(1, [[10, 29]])], split).map(({ number, human }) => [number, human]),
    ).toEqual([
      [1, true],
      [null, true],
    ]);
  });

  test("a swap exchanges what is from the frame on, gaps included", () => {
    const swap: Edit = { op: "swap", tracklet: 1, other: 2, frame: 20 };
    expect(
      spansAfter(
        swap,
        track(1, [[10, 30]]),
        track(2, [
          [15, 18],
          [25, 40],
        ]),
      ),
    ).toEqual({
      1: [
        [10, 19],
        [25, 40],
      ],
      2: [
        [15, 18],
        [20, 30],
      ],
    });
  });

  test.each<[Edit, readonly Span[]]>([
    [
      { op: "trim", tracklet: 1, first_frame: 12 },
      [
        [12, 14],
        [18, 29],
      ],
    ],
    [{ op: "trim", tracklet: 1, last_frame: 16 }, [[10, 14]]],
    [{ op: "interpolate", tracklet: 1, first_frame: 14, last_frame: 18 }, [[10, 29]]],
    [
      { op: "boxes", tracklet: 1, boxes: [{ frame: 15, box: at(1) }] },
      [
        [10, 15],
        [18, 29],
      ],
    ],
    [
      { op: "boxes", tracklet: 1, boxes: [{ frame: 12, box: null }] },
      [
        [10, 11],
        [13, 14],
        [18, 29],
      ],
    ],
  ])("%o leaves the frames %o", (edit, spans) => {
    expect(
      spansAfter(
        edit,
        track(1, [
          [10, 14],
          [18, 29],
        ]),
      ),
    ).toEqual({ 1: spans });
  });

  test("what is hidden or a duplicate is gone, what is drawn is there", () => {
    const tracks = [track(1, [[0, 9]]), track(2, [[0, 9]])];
    expect(spansAfter({ op: "hide", tracklet: 1 }, ...tracks)).toEqual({ 2: [[0, 9]] });
    expect(spansAfter({ op: "duplicate", tracklet: 2, of: 1 }, ...tracks)).toEqual({ 1: [[0, 9]] });
    const keys = [
      { frame: 3, box: at(0) },
      { frame: 8, box: at(5) },
    ];
    const create: Edit = { op: "create", id: -1, video: 9, category: 3, keys };
    expect(spansAfter(create)).toEqual({ "-1": [[3, 8]] });
  });

  test("one that moves takes the number and its cameras from those that are there", () => {
    const move: Edit = { op: "move", tracklet: 1, number: 2 };
    const [moved] = appliedToTracks([track(1, [[0, 9]]), track(2, [[20, 29]], { cameras: 4 })], move);
    expect(moved).toMatchObject({ identity: 2, cameras: 4 });
  });
});

describe("the boxes after an edit", () => {
  test("a split hands the later boxes to the new tracklet", () => {
    expect(framesAfter(two, { op: "split", id: -5, tracklet: 1, frame: 6 })).toEqual({
      1: [
        [4, 40],
        [5, 50],
      ],
      2: [
        [5, 550],
        [6, 560],
        [7, 570],
      ],
      "-5": [[6, 60]],
    });
  });

  test("a swap done twice leaves everything as it was", () => {
    const swap: Edit = { op: "swap", tracklet: 1, other: 2, frame: 6 };
    const once = appliedToPieces(two, swap, 0, 99);
    expect(entriesOf(once.get(1) ?? piece([])).map(([frame, [x]]) => [frame, x])).toEqual([
      [4, 40],
      [5, 50],
      [6, 560],
      [7, 570],
    ]);
    expect(framesAfter(once, swap)).toEqual(framesAfter(two, { op: "hide", tracklet: 99 }));
  });

  test("what is drawn is interpolated between its keys, in the window only", () => {
    const keys = [
      { frame: 98, box: at(0) },
      { frame: 102, box: at(40) },
    ];
    const drawn = framesAfter(new Map(), { op: "create", id: -1, video: 9, category: 3, keys });
    expect(drawn).toEqual({
      "-1": [
        [98, 0],
        [99, 10],
      ],
    });
  });

  test("interpolation replaces what is between two boxes", () => {
    const jump = new Map([
      [
        1,
        piece([
          [4, at(40)],
          [5, at(900)],
          [6, at(60)],
        ]),
      ],
    ]);
    expect(framesAfter(jump, { op: "interpolate", tracklet: 1, first_frame: 4, last_frame: 6 })).toEqual({
      1: [
        [4, 40],
        [5, 50],
        [6, 60],
      ],
    });
  });

  test("boxes are changed, added and deleted by frame", () => {
    const boxes = [
      { frame: 4, box: null },
      { frame: 5, box: at(1) },
      { frame: 9, box: at(2) },
    ];
    expect(framesAfter(new Map([[1, moving(4, 6)]]), { op: "boxes", tracklet: 1, boxes })).toEqual({
      1: [
        [5, 1],
        [6, 60],
        [9, 2],
      ],
    });
  });
});
