import { expect, test } from "vitest";
import type { Identity } from "@/features/identities/api/getIdentities";
import { aPair } from "@/features/review/testing";
import { stripBars } from "./stripBars";

function identity(number: number, ...tracklets: number[]): Identity {
  const rows = tracklets.map((id) => ({ id, camera: 3, start_s: id, end_s: id + 1 }));
  return { number, tracklets: rows } as Identity;
}

test("the strip shows the pair first, then the others of its identities, each once", () => {
  const bars = stripBars(aPair(), [identity(1, 1, 8), identity(2, 2)]);
  expect(bars.map(({ id, identity: number, side }) => [id, number, side])).toEqual([
    [1, 1, "left"],
    [2, 2, "right"],
    [8, 1, null],
  ]);
});

test("two tracklets of one identity have its others once, and none while it is not known", () => {
  expect(stripBars(aPair(), [identity(1, 1, 2, 8), identity(1, 1, 2, 8)]).map(({ id }) => id)).toEqual([
    1, 2, 8,
  ]);
  expect(stripBars(aPair(), [undefined, undefined])).toHaveLength(2);
});
