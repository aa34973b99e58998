import { describe, expect, test } from "vitest";
import { coverage, driftCorrection } from "./follow";

describe("correcting a video's drift", () => {
  test("leaves a video alone that is within half a frame", () => {
    expect(driftCorrection(10.0, 10.015, 1)).toEqual({ kind: "rate", rate: 1 });
  });

  test("a video behind plays faster, one ahead slower", () => {
    expect(driftCorrection(10.0, 10.1, 1)).toEqual({ kind: "rate", rate: expect.closeTo(1.1) });
    expect(driftCorrection(10.1, 10.0, 2)).toEqual({ kind: "rate", rate: expect.closeTo(1.8) });
  });

  test("never bends the speed by more than 15%", () => {
    expect(driftCorrection(10.0, 10.3, 1)).toEqual({ kind: "rate", rate: expect.closeTo(1.15) });
  });

  test("jumps when catching up would take too long", () => {
    expect(driftCorrection(10, 10.5, 1)).toEqual({ kind: "jump" });
    expect(driftCorrection(11, 10, 1)).toEqual({ kind: "jump" });
  });

  test("drift dies out when corrected twice a second", () => {
    let position = 0;
    let target = 0.3;
    for (let step = 0; step < 20; step++) {
      const correction = driftCorrection(position, target, 1);
      expect(correction.kind).toBe("rate");
      position += 0.5 * (correction.kind === "rate" ? correction.rate : 0);
      target += 0.5;
    }
    expect(Math.abs(target - position)).toBeLessThan(0.021);
  });
});

test.each([
  [4.9, "before"],
  [5, "inside"],
  [14.9, "inside"],
  [15.1, "after"],
] as const)("a camera from 5 s to 15 s at %f s: %s", (time, expected) => {
  expect(coverage(time, 5, 10)).toBe(expected);
});
