import { describe, expect, test } from "vitest";
import { type Done, nextRedo, nextUndo, withNewest } from "./undoing";

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
