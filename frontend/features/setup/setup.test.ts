import { describe, expect, test } from "vitest";
import type { LearnedLink } from "./api/getLearnedLinks";
import { groundGrid, inverse, type Matrix, mapped, seenAt, throughLens } from "./groundGrid";
import { beginning, changed, undone } from "./history";
import { type DraftLink, differs, linksWords, problemOf, sameLinks, withLink } from "./linkDraft";
import { asked, draftOf, pastedPlace, samePairs, withChange, withoutPair, withPair } from "./pairsDraft";
import {
  closed,
  drawingOf,
  EMPTY,
  inside,
  sameRegions,
  withCorner,
  withMovedCorner,
  withoutCorner,
} from "./regionDraft";

const SIZE = { width: 1000, height: 500 };
const ROOT = Math.sqrt(0.5);
/** 10 m above (0, 0), looking north and 45 degrees down; focal length 1000 px. */
const TILTED: Matrix = [
  1000,
  500 * ROOT,
  5000 * ROOT,
  0,
  (250 - 1000) * ROOT,
  (2500 + 10000) * ROOT,
  0,
  ROOT,
  10 * ROOT,
];

describe("a region that is drawn", () => {
  const three = [[0, 0] as const, [10, 0] as const, [10, 10] as const].reduce(withCorner, EMPTY);

  test("is closed with three corners and not before", () => {
    expect(closed({ ...EMPTY, open: three.open.slice(0, 2) }).polygons).toEqual([]);
    expect(closed(three)).toEqual({ polygons: [three.open], open: [] });
  });

  test("moves and loses corners; one of three goes as a whole", () => {
    const whole = closed(three);
    expect(withMovedCorner(whole, 0, 1, [20, 5]).polygons[0]?.[1]).toEqual([20, 5]);
    expect(withoutCorner(whole, 0, 1)).toEqual(EMPTY);
    expect(withoutCorner(three, 0, 1).open).toHaveLength(2);
  });

  test("stays inside the picture and is what the server keeps", () => {
    expect(inside([-3, 500.26], SIZE)).toEqual([0, 500]);
    expect(
      sameRegions(
        drawingOf([
          [
            [0, 0],
            [10, 0],
            [10, 10],
          ],
        ]),
        closed(three),
      ),
    ).toBe(true);
  });
});

test("a drag is taken back as a whole", () => {
  const dragged = [1, 2, 3].reduce((before, value) => changed(before, value, "corner 1"), beginning(0));
  const other = changed(dragged, 9, "corner 2");
  expect(undone(other).now).toBe(3);
  expect(undone(undone(other)).now).toBe(0);
  expect(undone(beginning(5)).now).toBe(5);
});

describe("pairs of points", () => {
  const four = [1, 2, 3, 4].reduce((draft, x) => withPair(draft, [x, x]), draftOf(null));
  const placed = four.pairs.reduce((draft, { key }) => withChange(draft, key, { place: [key, 0] }), four);

  test("are asked about once four have a place", () => {
    expect(asked(four)).toBeNull();
    expect(asked(withoutPair(placed, 2))).toBeNull();
    expect(asked(withPair(placed, [9, 9]))?.pairs).toHaveLength(4);
    expect(asked(placed)?.pairs[1]).toEqual({ pixel: [2, 2], place: [1, 0] });
  });

  test("keep their keys when another goes", () => {
    expect(withPair(withoutPair(placed, 0), [5, 5]).pairs.map(({ key }) => key)).toEqual([1, 2, 3, 4]);
  });

  test("say the same whatever their keys are", () => {
    const again = withPair(withoutPair(placed, 3), [3, 9]);
    const [first, ...rest] = again.pairs;
    const counted = { ...again, pairs: [{ ...first, key: 70 }, ...rest] } as typeof again;
    expect(samePairs(again, counted)).toBe(true);
    expect(samePairs(again, { ...again, unit: "degrees" })).toBe(false);
    expect(samePairs(again, placed)).toBe(false);
  });

  test.each([
    ["48.137, 11.575", [48.137, 11.575]],
    ["-3.5 20", [-3.5, 20]],
    ["48.137", null],
    ["north, east", null],
    ["1 2 3", null],
  ])("the place %s is pasted as %j", (text, place) => expect(pastedPlace(text)).toEqual(place));
});

describe("the ground in the picture", () => {
  test("a place straight ahead is in the picture's middle", () => {
    expect(seenAt(TILTED, [0, 10], null)).toEqual([expect.closeTo(500, 6), expect.closeTo(250, 6)]);
    expect(seenAt(TILTED, [0, -11], null)).toBeNull();
  });

  test("and back", () => {
    for (const sign of [1, -1]) {
      const turned = inverse(TILTED.map((value) => value * sign)).map((value) => value * sign);
      const [x, y] = mapped(turned, [620, 310]) ?? [0, 0];
      const [u, v] = mapped(TILTED, [x, y]) ?? [0, 0];
      expect([u, v]).toEqual([expect.closeTo(620, 6), expect.closeTo(310, 6)]);
    }
  });

  test("a barrel lens draws things to the middle, by 1 + k1 r^2", () => {
    const lens = { intrinsics: [1000, 0, 500, 0, 1000, 250, 0, 0, 1], distortion: [-0.1] };
    expect(throughLens([1000, 250], lens)).toEqual([expect.closeTo(500 + 500 * (1 - 0.1 * 0.25), 6), 250]);
    expect(throughLens([9000, 250], lens)).toBeNull();
  });

  test("the grid is of round metres and lies in the picture", () => {
    const grid = groundGrid(TILTED, null, SIZE);
    expect(grid?.step).toBe(1);
    expect(grid?.lines.length).toBeGreaterThan(10);
    expect(groundGrid([1, 0, 0, 0, 1, 0, 0, 0, -1], null, SIZE)).toBeNull();
  });
});

describe("links", () => {
  const link: DraftLink = { source: 1, target: 2, min_s: 3, max_s: 9, origin: "manual" };
  const learned = { source: 1, target: 2, min_s: 2, max_s: 8 } as LearnedLink;

  test("there is one from a camera to another", () => {
    const both = withLink([link], { ...link, source: 2, target: 1 });
    expect(both).toHaveLength(2);
    expect(withLink(both, { ...link, max_s: 20 })[0]?.max_s).toBe(20);
  });

  test("what the run has seen beside them is offered", () => {
    expect(differs(undefined, learned)).toBe(true);
    expect(differs(link, learned)).toBe(true);
    expect(differs({ ...link, min_s: 0 }, learned)).toBe(false);
  });

  const names = new Map([
    [1, "c001"],
    [2, "c002"],
  ]);

  test("are the same in any order, and where they are not those of somebody else are told by name", () => {
    const back = { ...link, source: 2, target: 1 };
    const mine = [link, back];
    expect(sameLinks(mine, [back, link])).toBe(true);
    expect(sameLinks(mine, [link])).toBe(false);
    expect(linksWords([{ ...link, max_s: 20 }, back], mine, names)).toBe(
      "2 links, other than here c001 to c002 3 to 20 s",
    );
    expect(linksWords([link], mine, names)).toBe("1 link, all of them here too");
  });

  test("a window that ends before it begins is told by name", () => {
    expect(problemOf([link], names)).toBeNull();
    expect(problemOf([{ ...link, max_s: 1 }], names)).toContain("c001 to c002");
  });
});
