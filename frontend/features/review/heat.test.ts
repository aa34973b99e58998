import { expect, test } from "vitest";
import { heatPixels, strongestOf } from "./heat";

test("what speaks for one vehicle is orange, what speaks against it blue, the strongest of both pictures thickest", () => {
  const [left, right] = [[[0.02, -0.04]], [[0, 0.01]]];
  const strongest = strongestOf(left, right);
  expect(strongest).toBe(0.04);
  expect([...heatPixels({ cells: left, strongest })]).toEqual([255, 138, 20, 70, 64, 136, 255, 199]);
  expect([...heatPixels({ cells: right, strongest })]).toEqual([255, 138, 20, 0, 255, 138, 20, 25]);
});

test("two pictures of which no part matters are not coloured", () => {
  const strongest = strongestOf([[0, 0]], [[0]]);
  expect([...heatPixels({ cells: [[0]], strongest })]).toEqual([255, 138, 20, 0]);
});
