import { describe, expect, test } from "vitest";
import { fractionDone, type StageProgress, stageMatrix } from "./stages";

function cell(stage: StageProgress["stage"], camera: number | null, done = 0): StageProgress {
  const camera_name = camera === null ? null : `c00${camera}`;
  return {
    stage,
    camera,
    camera_name,
    state: "running",
    done,
    total: 300,
    unit: "frames",
    problem: "",
    jobs: [1],
  };
}

describe("the matrix of stages", () => {
  const matrix = stageMatrix([
    cell("embed", 1),
    cell("detect", 1, 30),
    cell("detect", 2, 60),
    cell("match", null),
  ]);

  test("has a row a camera and its stages in the order they run", () => {
    expect(matrix.perCamera.map(({ stage }) => stage)).toEqual(["detect", "embed"]);
    expect(matrix.rows.map(({ name }) => name)).toEqual(["c001", "c002"]);
    expect(matrix.rows.map(({ cells }) => cells.map((found) => found?.done ?? null))).toEqual([
      [30, 0],
      [60, null],
    ]);
  });

  test("keeps stages over all cameras apart", () => {
    expect(matrix.overall.map(({ cell: { stage } }) => stage)).toEqual(["match"]);
  });
});

test("progress is a fraction, unknown totals are none, finished is all", () => {
  expect(fractionDone({ state: "running", done: 150, total: 300 })).toBe(0.5);
  expect(fractionDone({ state: "running", done: 150, total: null })).toBe(0);
  expect(fractionDone({ state: "succeeded", done: 0, total: null })).toBe(1);
  expect(fractionDone({ state: "running", done: 400, total: 300 })).toBe(1);
});
