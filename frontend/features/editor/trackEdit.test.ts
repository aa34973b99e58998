import { describe, expect, test } from "vitest";
import type { Entry } from "@/lib/outbox";
import { Names } from "./names";
import { neededBy, pendingEdits, renamedEdit, restored, successors, type TrackEdit } from "./trackEdit";

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
