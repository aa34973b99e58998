import { describe, expect, test } from "vitest";
import { frameOfPicture, frameShownAt, middleOfFrame } from "./frames";

// A variable frame rate: 25 fps, a dropped frame after the third, then 10 fps.
const times = [0, 0.04, 0.08, 0.16, 0.26, 0.36];

describe("the frame shown at a time", () => {
  test.each([
    [-1, 0],
    [0, 0],
    [0.039, 0],
    [0.04, 1],
    [0.15, 2],
    [0.16, 3],
    [0.3, 4],
    [9, 5],
  ])("at %f s it is frame %i", (time, frame) => {
    expect(frameShownAt(times, time)).toBe(frame);
  });

  test("differs from time * fps where frames were dropped", () => {
    expect(frameShownAt(times, 0.2)).toBe(3);
    expect(Math.floor(0.2 * 25)).toBe(5);
  });

  test("is frame 0 without any times", () => {
    expect(frameShownAt([], 3)).toBe(0);
  });
});

test("a picture's rounded time belongs to the nearest frame, also when rounded down", () => {
  expect(frameOfPicture(times, 0.039999)).toBe(1);
  expect(frameOfPicture(times, 0.160001)).toBe(3);
  expect(frameOfPicture([0, 1 / 30, 2 / 30], 0.033333)).toBe(1);
  expect(frameOfPicture([0, 1 / 30, 2 / 30], 0.066666)).toBe(2);
});

describe("the middle of a frame", () => {
  test("is half way to the next frame", () => {
    expect(middleOfFrame(times, 2)).toBeCloseTo(0.12);
  });

  test("of the last frame uses the gap before it", () => {
    expect(middleOfFrame(times, 5)).toBeCloseTo(0.41);
  });

  test("clamps frames outside the video", () => {
    expect(middleOfFrame(times, -4)).toBeCloseTo(0.02);
    expect(middleOfFrame(times, 99)).toBeCloseTo(0.41);
  });

  test("shows the frame it was made from, for every frame", () => {
    for (let frame = 0; frame < times.length; frame++) {
      expect(frameShownAt(times, middleOfFrame(times, frame))).toBe(frame);
    }
  });
});
