import { describe, expect, test } from "vitest";
import type { DecisionEntry, Entry } from "@/lib/outbox";
import type { Decision } from "./decision";
import { effectWords, newestStanding, recentDecisions } from "./recent";
import { anOperation, aPair } from "./testing";

const ANA = 7;

type DecisionOf = DecisionEntry<Decision>;
type UndoOf = Extract<Entry<Decision>, { kind: "undo" }>;

function onItsWay(key: string, changes: Partial<DecisionOf> = {}): DecisionOf {
  const pair = aPair();
  const decision = { pair, body: { left: 1, right: 2, verdict: "different" as const } };
  return {
    kind: "decision",
    key,
    scene: 1,
    decision,
    needs: [],
    state: "sending",
    tried: true,
    problem: null,
    code: null,
    extra: {},
    ...changes,
  };
}

function undo(changes: Partial<UndoOf>): UndoOf {
  const unsent = { state: "waiting", tried: false, problem: null, code: null, extra: {} } as const;
  return { kind: "undo", key: "u", scene: 1, operation: null, of: null, ...unsent, ...changes };
}

describe("the last decisions", () => {
  test("are those on their way, newest first, then the stored ones of the same person", () => {
    const others = anOperation(9, { actor: { ...anOperation(9).actor, id: 8 } });
    const recent = recentDecisions([onItsWay("a"), onItsWay("b")], [others, anOperation(4)], 1, ANA);
    expect(recent.map(({ key, state }) => [key, state])).toEqual([
      ["b", "saving"],
      ["a", "saving"],
      ["4", "stored"],
    ]);
  });

  test("have a verdict that was stored together with cuts, and no other edit", () => {
    const cut = anOperation(6, { kind: "bulk" });
    const others = [anOperation(8, { kind: "bulk", verdicts: [] }), anOperation(7, { kind: "merge" })];
    const recent = recentDecisions([], [...others, cut, anOperation(4)], 1, ANA);
    expect(recent.map(({ key }) => key)).toEqual(["6", "4"]);
    expect(recent[0]?.effect).toBe("with changed tracklets: joined into 1 and 2");
    expect(newestStanding(recent)?.operation).toBe(6);
  });

  test("of another scene are left out", () => {
    expect(recentDecisions([onItsWay("a", { scene: 2 })], [], 1, ANA)).toEqual([]);
  });

  test("say what is not stored, and why", () => {
    const entries = [
      onItsWay("a", { state: "waiting", problem: "The server cannot be reached." }),
      onItsWay("b", { state: "refused", problem: "Another run is shown now." }),
    ];
    expect(recentDecisions(entries, [], 1, ANA)).toMatchObject([
      { state: "refused", problem: "Another run is shown now.", refused: "b" },
      { state: "unsaved", problem: null, refused: null },
    ]);
  });
});

describe("the undo key takes back", () => {
  test("the newest decision, also one that is on its way", () => {
    expect(newestStanding(recentDecisions([onItsWay("a")], [anOperation(4)], 1, ANA))?.key).toBe("a");
    expect(newestStanding(recentDecisions([], [anOperation(4)], 1, ANA))?.operation).toBe(4);
  });

  test("the one before it while the newest is being taken back", () => {
    const entries = [onItsWay("a"), undo({ of: "a" })];
    expect(newestStanding(recentDecisions(entries, [anOperation(4), anOperation(3)], 1, ANA))?.key).toBe("4");
    const both = [...entries, undo({ key: "v", operation: 4 })];
    expect(newestStanding(recentDecisions(both, [anOperation(4), anOperation(3)], 1, ANA))?.key).toBe("3");
  });

  test("nothing that is undone already or was refused", () => {
    const undone = anOperation(4, { undone_by: { id: 5, number: 5 } });
    expect(
      newestStanding(recentDecisions([onItsWay("a", { state: "refused" })], [undone], 1, ANA)),
    ).toBeNull();
  });

  test("and a refused undo leaves its decision standing, with the reason", () => {
    const refused = undo({ operation: 4, state: "refused", problem: "A later decision builds on it." });
    expect(recentDecisions([refused], [anOperation(4)], 1, ANA)).toMatchObject([
      { state: "stored", problem: "A later decision builds on it.", refused: "u" },
    ]);
  });
});

test("an effect reads as numbers", () => {
  const { effect } = anOperation(1);
  expect(effectWords(effect)).toBe("joined into 1 and 2");
  expect(effectWords({ ...effect, joined: [], separated: [3, 8, 9] })).toBe("split into 3, 8 and 9");
  expect(effectWords({ ...effect, changed: false })).toBe("");
});
