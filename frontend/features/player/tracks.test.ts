import { describe, expect, test } from "vitest";
import { containFit } from "@/lib/player/fit";
import { boxAt, lookOf } from "./draw";
import { boxesAt, byFrame, type TrackedBox, WINDOW_FRAMES, windowOf } from "./tracks";

const van = {
  id: 7,
  identity_number: 3,
  identity_cameras: 2,
  frames: [601, 603],
  boxes: [
    [10, 20, 30, 40],
    [12, 20, 32, 40],
  ],
};

describe("boxes by frame", () => {
  const windows = new Map([[1, byFrame(600, [van])]]);

  test("a tracklet is drawn on its own frames only, also where it has gaps", () => {
    expect(boxesAt(windows, 601)).toEqual([{ tracklet: 7, identity: 3, cameras: 2, box: [10, 20, 30, 40] }]);
    expect(boxesAt(windows, 602)).toEqual([]);
    expect(boxesAt(windows, 603)?.[0]?.box).toEqual([12, 20, 32, 40]);
  });

  test("a frame of a window that is not loaded is unknown, not empty", () => {
    expect(boxesAt(windows, 599)).toBeNull();
    expect(windowOf(WINDOW_FRAMES - 1)).toBe(0);
    expect(windowOf(WINDOW_FRAMES)).toBe(1);
  });
});

const box = (identity: number | null, cameras: number, at: [number, number, number, number]): TrackedBox => ({
  tracklet: identity ?? 0,
  identity,
  cameras,
  box: at,
});

describe("how a box looks", () => {
  test("an identity of several cameras has a number, one camera alone has none", () => {
    expect(lookOf(box(12, 2, [0, 0, 1, 1]), null, 2)).toMatchObject({ label: "12", width: 2, alpha: 1 });
    expect(lookOf(box(13, 1, [0, 0, 1, 1]), null, 2)).toMatchObject({ label: null, width: 1 });
  });

  test("the selected one is strongest and the others step back", () => {
    expect(lookOf(box(13, 1, [0, 0, 1, 1]), 13, 2)).toMatchObject({ label: "13", width: 3, alpha: 1 });
    expect(lookOf(box(12, 2, [0, 0, 1, 1]), 13, 2).alpha).toBeLessThan(1);
  });
});

describe("the box under the pointer", () => {
  const fit = containFit(960, 540, 480, 400);

  test("a picture is centred where it does not fill its area", () => {
    expect(fit).toEqual({ scale: 0.5, left: 0, top: 65 });
  });

  test("is the smallest of those that overlap", () => {
    const boxes = [box(1, 2, [0, 0, 400, 400]), box(2, 2, [100, 100, 200, 200])];
    expect(boxAt(boxes, fit, 75, 65 + 75)?.identity).toBe(2);
    expect(boxAt(boxes, fit, 20, 65 + 20)?.identity).toBe(1);
    expect(boxAt(boxes, fit, 75, 20)).toBeNull();
  });

  test("right and bottom are exclusive", () => {
    const one = [box(1, 2, [0, 0, 100, 100])];
    expect(boxAt(one, { scale: 1, left: 0, top: 0 }, 99.9, 50)).not.toBeNull();
    expect(boxAt(one, { scale: 1, left: 0, top: 0 }, 100, 50)).toBeNull();
  });
});
