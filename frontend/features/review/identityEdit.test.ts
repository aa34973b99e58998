import { expect, test } from "vitest";
import { Problem } from "@/lib/api/problem";
import {
  editWords,
  goesOnAs,
  type IdentityEdit,
  remadeOn,
  staleOf,
  type TrackletState,
  togetherOf,
} from "./identityEdit";

const SEEN = { number: 12, tracklets: [1, 2, 3] };

function version(number: number, ...ids: number[]) {
  return { number, tracklets: ids.map((id) => ({ id, number: id }) as TrackletState) };
}

function words(edit: IdentityEdit, ...current: ReturnType<typeof version>[]): string[] {
  return remadeOn(edit, current).map(editWords);
}

test("confirming is made anew on every part that has something to confirm", () => {
  const edit = { kind: "confirm", run: 1, seen: SEEN } as const;
  expect(words(edit, version(12, 1, 2), version(30, 3))).toEqual([
    "Confirm identity 12: 2 tracklets, one vehicle",
  ]);
});

test("a merge is made anew with each part, unless they are one already", () => {
  const edit = { kind: "merge", run: 1, seen: SEEN, other: 17 } as const;
  expect(words(edit, version(12, 1), version(30, 2, 3))).toEqual([
    "Merge identity 12 with 17",
    "Merge identity 30 with 17",
  ]);
  expect(words(edit, version(17, 1, 2, 3, 4))).toEqual([]);
});

test("a split takes what was marked and is still there, and never all", () => {
  const edit = { kind: "split", seen: SEEN, out: [2, 3] } as const;
  expect(words(edit, version(12, 1, 2), version(30, 3))).toEqual(["Split 1 tracklet off identity 12"]);
  expect(remadeOn(edit, [version(12, 1, 2)])[0]?.seen).toEqual({ number: 12, tracklets: [1, 2] });
});

test("only a stale edit has versions, and only two seen together can be duplicates", () => {
  const stale = new Problem(409, "identity-changed", "Changed.", {}, { yours: version(12, 1), current: [] });
  expect(staleOf(stale)?.yours.number).toBe(12);
  expect(staleOf(new Problem(409, "run-not-current", "Another run."))).toBeNull();
  const together = version(0, 4, 5).tracklets;
  const [first, second] = together;
  const refused = (extra: Record<string, unknown>) =>
    togetherOf(new Problem(409, "overlap-in-camera", "Both.", {}, extra));
  expect(refused({ together })).toEqual({ first, second, handover: false });
  expect(refused({ together, handover: true })?.handover).toBe(true);
  expect(togetherOf(new Problem(409, "overlap-in-camera", "Both."))).toBeNull();
  expect(togetherOf(stale)).toBeNull();
});

test("a merge goes on under the number that took the other in, a split under its own", () => {
  const merge = { kind: "merge", run: 1, seen: SEEN, other: 17 } as const;
  expect([goesOnAs(merge, [12]), goesOnAs(merge, [3, 17]), goesOnAs(merge, [])]).toEqual([12, 17, 12]);
  // The part that left was joined with what the matcher had it kept from.
  expect(goesOnAs({ kind: "split", seen: SEEN, out: [3] }, [5])).toBe(12);
});
