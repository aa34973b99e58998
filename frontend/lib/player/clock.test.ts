import { beforeEach, describe, expect, test, vi } from "vitest";
import { SceneClock } from "./clock";

let now = 0;
let clock: SceneClock;

beforeEach(() => {
  now = 100;
  clock = new SceneClock(30, 0, () => now);
});

function pass(seconds: number): void {
  now += seconds;
}

describe("the scene clock", () => {
  test("stands still until it plays, then follows the real time", () => {
    pass(5);
    expect(clock.time).toBe(0);
    clock.play();
    pass(2.5);
    expect(clock.time).toBeCloseTo(2.5);
  });

  test("keeps its time when paused", () => {
    clock.play();
    pass(4);
    clock.pause();
    pass(10);
    expect(clock.time).toBeCloseTo(4);
  });

  test("a change of speed counts from that moment on", () => {
    clock.play();
    pass(2);
    clock.setRate(0.5);
    pass(2);
    expect(clock.time).toBeCloseTo(3);
  });

  test("a held clock loses no time and gains none", () => {
    clock.play();
    pass(1);
    clock.hold(true);
    pass(7);
    expect(clock.time).toBeCloseTo(1);
    expect(clock.isPlaying).toBe(true);
    clock.hold(false);
    pass(1);
    expect(clock.time).toBeCloseTo(2);
  });

  test("stops at the end and starts again from the beginning", () => {
    clock.play();
    pass(31);
    clock.tick();
    expect(clock.isPlaying).toBe(false);
    expect(clock.time).toBe(30);
    clock.play();
    expect(clock.time).toBe(0);
  });

  test("seeking stays inside the scene and counts as a jump", () => {
    clock.seek(99);
    expect(clock.state()).toMatchObject({ time: 30, jumps: 1 });
    clock.seek(-3);
    expect(clock.state()).toMatchObject({ time: 0, jumps: 2 });
  });

  test("tells its listeners until they leave", () => {
    const listener = vi.fn();
    const leave = clock.subscribe(listener);
    clock.play();
    leave();
    clock.pause();
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
