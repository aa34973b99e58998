import { expect, test } from "vitest";
import { kindWords, shownVerdicts } from "./operations";
import { anOperation } from "./testing";

test("an operation says what it was where its verdict alone does not", () => {
  expect(kindWords(anOperation(4))).toBe("");
  expect(kindWords(anOperation(5, { kind: "undo", inverse_of: { id: 9, number: 4 } }))).toBe("took back #4");
  expect(kindWords(anOperation(6, { kind: "merge" }))).toBe("merged identities");
});

test("of many verdicts the first few are shown and the others counted", () => {
  const [verdict] = anOperation(1).verdicts;
  const many = anOperation(1, { verdicts: verdict ? Array(7).fill(verdict) : [] });
  expect(shownVerdicts(many, 3)).toMatchObject({ shown: [verdict, verdict, verdict], more: 4 });
  expect(shownVerdicts(anOperation(1), 3).more).toBe(0);
});
