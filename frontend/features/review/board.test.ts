import { describe, expect, test } from "vitest";
import { answersOf, byCamera, impossible, restDifferent, toggled } from "./board";
import { aBoard, aRival, aTracklet } from "./testing";

const north = { id: 1, name: "c001" };
const south = { id: 2, name: "c002" };
const own = aTracklet(1, { camera: north, start_s: 0, end_s: 5 });
const later = aTracklet(2, { camera: south, start_s: 10, end_s: 15 });
const twin = aTracklet(3, { camera: south, start_s: 14, end_s: 20 });
const double = aTracklet(4, { camera: north, start_s: 4, end_s: 9 });
const board = aBoard({ tracklets: [own], rivals: [aRival(later, 1), aRival(double, 1), aRival(twin, 1)] });

test("a key goes from same to different to nothing", () => {
  const same = toggled({}, 2);
  const different = toggled(same, 2);
  expect([same, different, toggled(different, 2)]).toEqual([{ 2: "same" }, { 2: "different" }, {}]);
});

test("the rest is different, and what is marked stays", () => {
  expect(restDifferent(board, { 2: "same" })).toEqual({ 2: "same", 3: "different", 4: "different" });
});

test("rivals stand camera by camera", () => {
  expect(byCamera(board).map(([name, rivals]) => [name, rivals.map(({ tracklet }) => tracklet.id)])).toEqual([
    ["c002", [2, 3]],
    ["c001", [4]],
  ]);
});

describe("impossible is", () => {
  test("who is seen with the vehicle in one camera at one time, marked or not", () => {
    expect([...impossible(board, {})]).toEqual([[4, "seen in c001 at the same time as T1"]]);
  });

  test("two rivals at one time in one camera once both are called the same", () => {
    expect([...impossible(board, { 2: "same", 3: "same" }).keys()]).toEqual([2, 4, 3]);
    expect([...impossible(board, { 2: "same", 3: "different" }).keys()]).toEqual([4]);
  });

  test("who brings another tracklet that is", () => {
    const whole = aBoard({ tracklets: [own], rivals: [aRival(later, 1, { members: [later, double] })] });
    expect(impossible(whole, {}).has(2)).toBe(true);
  });
});

test("only what is marked is sent, about the most probable pair of each", () => {
  const at = new Date("2026-03-01T12:00:00Z");
  expect(answersOf(board, { 3: "different", 2: "same" }, at)).toEqual({
    answers: [
      { left: 1, right: 2, verdict: "same" },
      { left: 1, right: 3, verdict: "different" },
    ],
    opened_at: "2026-03-01T12:00:00.000Z",
  });
});
