import { expect, test } from "vitest";
import { heatOf, heatPixels } from "./heat";

test("what speaks for one vehicle is orange, what speaks against it blue, the strongest part thickest", () => {
  const pixels = heatPixels(
    heatOf([
      [0.02, -0.04],
      [0, 0.04],
    ]),
  );
  expect([...pixels]).toEqual([255, 138, 20, 70, 64, 136, 255, 199, 255, 138, 20, 0, 255, 138, 20, 199]);
});

test("a picture of which no part matters is hardly coloured", () => {
  expect([...heatPixels(heatOf([[0, 0.002]]))]).toEqual([255, 138, 20, 0, 255, 138, 20, 6]);
});
