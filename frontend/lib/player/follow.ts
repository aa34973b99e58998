/** How a video follows the scene clock: what to do about the distance between where it is and where it should be. */

/** Seconds beyond which catching up by speed would take too long to look right. */
const JUMP_BEYOND = 0.35;
/** Seconds that nobody sees: about half a frame at 25 fps. */
const LEAVE_WITHIN = 0.02;
/** A drift is made good in about this many seconds. */
const CATCH_UP_S = 1;
/** Strongest change of speed while catching up. */
const MAX_BEND = 0.15;

export type Correction = { kind: "jump" } | { kind: "rate"; rate: number };

/** The correction for a video at `position` that should be at `target` (its own seconds) while playing at `rate`. */
export function driftCorrection(position: number, target: number, rate: number): Correction {
  const behind = target - position;
  if (Math.abs(behind) > JUMP_BEYOND * Math.max(1, rate)) return { kind: "jump" };
  if (Math.abs(behind) <= LEAVE_WITHIN) return { kind: "rate", rate };
  const bend = Math.max(-MAX_BEND, Math.min(MAX_BEND, behind / CATCH_UP_S));
  return { kind: "rate", rate: rate * (1 + bend) };
}

export type Coverage = "before" | "inside" | "after";

/** Whether a video that starts at `start` (scene seconds) and lasts `duration` has a picture at scene time `time`. */
export function coverage(time: number, start: number, duration: number): Coverage {
  if (time < start) return "before";
  return time <= start + duration ? "inside" : "after";
}
