import { describe, expect, test } from "vitest";
import { answered, coming, EMPTY, moved, onScreen, type Queue, refilled, returned } from "./queue";

type P = { left: { id: number }; right: { id: number } };

/** Pair n is of the tracklets n and n + 100. */
const pair = (id: number): P => ({ left: { id }, right: { id: id + 100 } });
const pairs = (...ids: number[]): P[] => ids.map(pair);
const queue = (at: number, ...ids: number[]): Queue<P> => ({ pairs: pairs(...ids), at });
const ids = ({ pairs: held }: Queue<P>): number[] => held.map(({ left }) => left.id);
const shown = (held: Queue<P>): number | undefined => onScreen(held)?.left.id;
const nothing = new Set<string>();

test("an answer brings the next pair, and the last one leaves the queue empty", () => {
  expect(shown(answered(queue(0, 1, 2, 3), "1-101"))).toBe(2);
  expect(shown(answered(queue(2, 1, 2, 3), "3-103"))).toBe(2);
  expect(onScreen(answered(queue(0, 1), "1-101"))).toBeNull();
});

test("an answer to a pair that was passed leaves the one on screen", () => {
  expect(shown(answered(queue(2, 1, 2, 3), "1-101"))).toBe(3);
});

describe("what the server sends meanwhile", () => {
  test("fills an empty queue from its start", () => {
    expect(shown(refilled<P>(EMPTY, pairs(4, 5), nothing))).toBe(4);
  });

  test("never replaces the pair on screen, even if the server has settled it", () => {
    const after = refilled(queue(0, 1, 2, 3), pairs(7, 3), nothing);
    expect(shown(after)).toBe(1);
    expect(ids(after)).toEqual([1, 7, 3]);
  });

  test("keeps what was passed before the pair on screen", () => {
    const after = refilled(queue(1, 1, 2, 3), pairs(1, 2, 3, 4), nothing);
    expect([shown(after), ids(after)]).toEqual([2, [1, 2, 3, 4]]);
  });

  test("keeps the very pair on screen, so that nothing is drawn again", () => {
    const before = queue(0, 1, 2);
    expect(onScreen(refilled(before, pairs(1), nothing))).toBe(onScreen(before));
  });

  test("leaves out what has been decided and is still on its way", () => {
    expect(ids(refilled(queue(0, 2), pairs(1, 2, 3), new Set(["1-101"])))).toEqual([2, 3]);
  });

  test("may be nothing: the pair on screen stays", () => {
    expect(ids(refilled(queue(2, 1, 2, 3), [], nothing))).toEqual([3]);
  });
});

test("a decision taken back is on screen again, once", () => {
  const after = returned(queue(1, 4, 5, 6), pair(9));
  expect([shown(after), ids(after)]).toEqual([9, [4, 9, 5, 6]]);
  expect(ids(returned(queue(0, 4, 5), pair(5)))).toEqual([5, 4]);
  expect(ids(returned<P>(EMPTY, pair(5)))).toEqual([5]);
});

test("moving stays inside, and what comes next is known", () => {
  expect(moved(queue(0, 1, 2), -1).at).toBe(0);
  expect(moved(queue(0, 1, 2), 5).at).toBe(1);
  expect(moved<P>(EMPTY, 1).at).toBe(0);
  expect(coming(queue(0, 1, 2, 3, 4), 2).map(({ left }) => left.id)).toEqual([2, 3]);
});
