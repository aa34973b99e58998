import { expect, test } from "vitest";
import { kindWords, redoable, shownVerdicts, wayBack } from "./operations";
import { anOperation } from "./testing";

test("an operation says what it was where its verdict alone does not", () => {
  expect(kindWords(anOperation(4))).toBe("");
  expect(kindWords(anOperation(5, { kind: "undo", inverse_of: { id: 9, number: 4 } }))).toBe("took back #4");
  expect(kindWords(anOperation(6, { kind: "merge" }))).toBe("merged identities");
});

test("what was taken back and done again names the operation that it is about, and the way back from it", () => {
  const first = { id: 9, number: 4 };
  const undo = anOperation(5, { kind: "undo", inverse_of: first, about: first });
  const redo = anOperation(6, { kind: "undo", redo: true, inverse_of: { id: 11, number: 5 }, about: first });
  expect([kindWords(undo), wayBack(undo)]).toEqual(["took back #4", "Redo"]);
  expect([kindWords(redo), wayBack(redo)]).toEqual(["did again #4", "Undo"]);
  expect(wayBack(anOperation(4))).toBe("Undo");
});

test("of many verdicts the first few are shown and the others counted", () => {
  const [verdict] = anOperation(1).verdicts;
  const many = anOperation(1, { verdicts: verdict ? Array(7).fill(verdict) : [] });
  expect(shownVerdicts(many, 3)).toMatchObject({ shown: [verdict, verdict, verdict], more: 4 });
  expect(shownVerdicts(anOperation(1), 3).more).toBe(0);
});

test("what was taken back last is done again, unless something new was done since", () => {
  const edit = (number: number, kind: "verdict" | "undo" = "verdict") => anOperation(number, { kind });
  expect(redoable([edit(2), edit(1)], undefined)).toBeNull();
  expect(redoable([edit(1)], edit(3, "undo"))?.number).toBe(3);
  expect(redoable([], edit(4, "undo"))?.number).toBe(4);
  // A redo is nothing new, a verdict is.
  expect(redoable([edit(5, "undo"), edit(1)], edit(3, "undo"))?.number).toBe(3);
  expect(redoable([edit(6), edit(5, "undo"), edit(1)], edit(3, "undo"))).toBeNull();
});
