import { describe, expect, test } from "vitest";
import type { Entry } from "@/lib/outbox";
import { listed, neighbour } from "./filter";
import { boxUnder, dragged, gripAt, nearest, spanned } from "./handles";
import { Names } from "./names";
import { boxesOn, frameIndex, piece } from "./pieces";
import { placeOf } from "./place";
import { covers, frameCount, gapAround, joined } from "./spans";
import { neededBy, pendingEdits, renamedEdit, restored, successors, type TrackEdit } from "./trackEdit";
import type { Track } from "./types";
import { type Done, nextRedo, nextUndo, withNewest } from "./undoing";
import { fitOf, panned, wholeView, zoomed } from "./view";

const PICTURE = { width: 100, height: 50 };

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

describe("a box under the pointer", () => {
  test("is held at its corners and sides, or as a whole", () => {
    const box = [10, 10, 40, 30] as const;
    expect(gripAt(box, 10, 30, 2)).toEqual({ x: -1, y: 1 });
    expect(gripAt(box, 40, 20, 2)).toEqual({ x: 1, y: 0 });
    expect(gripAt(box, 25, 20, 2)).toEqual({ x: 0, y: 0 });
    expect(gripAt(box, 5, 20, 2)).toBeNull();
  });
  test("moves within the picture and is never turned over", () => {
    const box = [10, 10, 40, 30] as const;
    expect(dragged(box, { x: 0, y: 0 }, 90, -50, PICTURE)).toEqual([70, 0, 100, 20]);
    expect(dragged(box, { x: -1, y: 0 }, 90, 0, PICTURE)).toEqual([36, 10, 40, 30]);
    expect(dragged(box, { x: 1, y: 1 }, 200, 5, PICTURE)).toEqual([10, 10, 100, 35]);
  });
  test("drawn from any corner is the same; too small is none", () => {
    expect(spanned(40, 30, 10, 10, PICTURE)).toEqual([10, 10, 40, 30]);
    expect(spanned(10, 10, 12, 40, PICTURE)).toBeNull();
  });
  test("is the smallest; candidates come by distance", () => {
    const boxes = [
      { track: 1, box: [0, 0, 50, 50] as const },
      { track: 2, box: [10, 10, 20, 20] as const },
    ];
    expect(boxUnder(boxes, 15, 15)?.track).toBe(2);
    expect(boxUnder(boxes, 20, 20)?.track).toBe(1);
    expect(nearest(boxes, [12, 12, 18, 18]).map(({ track }) => track)).toEqual([2, 1]);
  });
});

describe("the view", () => {
  const area = { width: 200, height: 200 };
  test("of the whole picture is its fit, and zooming keeps the point under the pointer", () => {
    const whole = wholeView(PICTURE);
    expect(fitOf(whole, PICTURE, area)).toEqual({ scale: 2, left: 0, top: 50 });
    const near = fitOf(zoomed(whole, 4, 50, 100, PICTURE, area), PICTURE, area);
    expect(near.scale).toBe(8);
    expect(near.left + 25 * near.scale).toBeCloseTo(50);
  });
  test("cannot leave the picture, and zooming out ends at all of it", () => {
    const near = zoomed(wholeView(PICTURE), 4, 100, 100, PICTURE, area);
    expect(fitOf(panned(near, 9999, 0, PICTURE, area), PICTURE, area).left).toBeCloseTo(0);
    expect(zoomed(near, 0.01, 0, 0, PICTURE, area)).toEqual(wholeView(PICTURE));
  });
});

describe("the list", () => {
  const track = (id: number, changes: Partial<Track>): Track => ({
    ...{
      id,
      number: id,
      identity: id + 10,
      cameras: 1,
      human: false,
      category: 3,
      colour: "",
      machine: null,
      note: "",
      picture: null,
    },
    ...{ spans: [[id, id + 5]] },
    ...changes,
  });
  const tracks = [
    track(1, { category: 6 }),
    track(2, { colour: "red", identity: null }),
    track(3, { human: true, note: "taxi" }),
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

describe("edits on their way", () => {
  const decision: TrackEdit = {
    run: 1,
    video: 2,
    title: "Split",
    edits: [{ op: "split", id: -5, tracklet: 7, frame: 9 }],
  };
  const entry = (key: string, changes: object = {}): Entry<TrackEdit> => ({
    ...{ kind: "decision", key, scene: 1, decision, needs: [], state: "sending", tried: true },
    ...{ problem: null, code: null, extra: {} },
    ...(changes as object),
  });

  test("are those of the video that are neither refused nor taken back", () => {
    const undo: Entry<TrackEdit> = { ...entry("u"), kind: "undo", operation: null, of: "b" };
    const entries = [entry("a"), entry("b"), entry("c", { state: "refused" }), undo];
    expect(pendingEdits(entries, 1, 2)).toEqual(decision.edits);
    expect(pendingEdits(entries, 1, 3)).toEqual([]);
  });
  test("come before those that touch what they made", () => {
    expect(neededBy([{ op: "hide", tracklet: -5 }], [entry("a")])).toEqual(["a"]);
    expect(neededBy([{ op: "hide", tracklet: 7 }], [entry("a")])).toEqual(["a"]);
    expect(neededBy([{ op: "hide", tracklet: 8 }], [entry("a")])).toEqual([]);
  });
  test("go out under the names that the server gave", () => {
    const changes = [
      {
        before: [{ id: 7, number: 1 }],
        after: [
          { id: 70, number: 1 },
          { id: 71, number: 2 },
        ],
      },
    ];
    const names = successors(decision.edits, changes);
    expect([...names]).toEqual([
      [7, 70],
      [-5, 71],
    ]);
    const waiting: TrackEdit = { ...decision, edits: [{ op: "swap", tracklet: -5, other: 7, frame: 12 }] };
    expect(renamedEdit(waiting, names).edits).toEqual([{ op: "swap", tracklet: 71, other: 70, frame: 12 }]);
  });
  test("an undo gives back the tracklet of the same number", () => {
    const changes = [
      {
        before: [
          { id: 70, number: 1 },
          { id: 71, number: 2 },
        ],
        after: [{ id: 7, number: 1 }],
      },
    ];
    expect([...restored(changes)]).toEqual([
      [70, 7],
      [71, 7],
    ]);
  });
  test("a name leads to what is shown, forth and back again", () => {
    const names = new Names();
    names.note(new Map([[7, 70]]));
    names.note(new Map([[70, 7]]));
    expect(names.resolve(7, (id) => id === 70)).toBe(70);
    expect(names.resolve(70, (id) => id === 7)).toBe(7);
    expect(names.resolve(9, () => false)).toBe(9);
  });
});

describe("undo and redo", () => {
  const done = (id: number, of: number | null = null, undone = false): Done => ({
    id,
    kind: of === null ? "hide" : "undo",
    inverse_of: of === null ? null : { id: of },
    undone_by: undone ? {} : null,
    changes: [],
  });
  const next = (operations: Done[]) => [nextUndo(operations)?.id ?? null, nextRedo(operations)?.id ?? null];

  test.each<[string, Done[], (number | null)[]]>([
    ["nothing done", [], [null, null]],
    ["two edits", [done(2), done(1)], [2, null]],
    ["the second undone", [done(3, 2), done(2, null, true), done(1)], [1, 3]],
    ["both undone", [done(4, 1), done(3, 2), done(2, null, true), done(1, null, true)], [null, 4]],
    [
      "the first done again",
      [done(5, 4), done(4, 1, true), done(3, 2), done(2, null, true), done(1, null, true)],
      [5, 3],
    ],
    ["something new since", [done(4), done(3, 2), done(2, null, true), done(1)], [4, null]],
  ])("%s", (_, operations, expected) => expect(next(operations)).toEqual(expected));
});

test.each([
  ["1234", { frame: 1234 }],
  ["62.5", { seconds: 62.5 }],
  ["12s", { seconds: 12 }],
  ["1:02.5", { seconds: 62.5 }],
  ["1:00:01", { seconds: 3601 }],
  ["soon", null],
  ["", null],
])("%o leads to %o", (text, place) => expect(placeOf(text)).toEqual(place));

test("an undo counts at once: what it took back is not what the next one takes back", () => {
  const edit = (id: number): Done & { number: number } => ({
    id,
    number: id,
    kind: "hide",
    inverse_of: null,
    undone_by: null,
    changes: [],
  });
  const undo = { ...edit(3), kind: "undo", inverse_of: { id: 2 } };
  const after = withNewest([edit(2), edit(1)], undo);
  expect([nextUndo(after)?.id, nextRedo(after)?.id]).toEqual([1, 3]);
});
