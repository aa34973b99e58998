import { useCallback, useEffect, useMemo, useRef } from "react";
import type { SceneClock } from "@/lib/player/clock";

const FORWARD = [1, 2, 4] as const;
/** Milliseconds between two pictures while it goes backwards, a step faster with every press. */
const BACKWARD_MS = [80, 40, 20] as const;

/** J, K and L as on an editing desk: back, stop, on; pressed again it goes faster. */
export function useShuttle(clock: SceneClock, step: (frames: number) => void) {
  const speed = useRef(0);
  const timer = useRef<ReturnType<typeof setInterval> | undefined>(undefined);
  const latest = useRef(step);
  useEffect(() => {
    latest.current = step;
  });
  useEffect(() => () => clearInterval(timer.current), []);

  const stop = useCallback(() => {
    clearInterval(timer.current);
    speed.current = 0;
    clock.pause();
    clock.setRate(1);
  }, [clock]);
  const on = useCallback(() => {
    clearInterval(timer.current);
    speed.current = Math.min(Math.max(speed.current, 0) + 1, FORWARD.length);
    clock.setRate(FORWARD[speed.current - 1] ?? 1);
    clock.play();
  }, [clock]);
  const back = useCallback(() => {
    clearInterval(timer.current);
    clock.pause();
    speed.current = Math.max(Math.min(speed.current, 0) - 1, -BACKWARD_MS.length);
    timer.current = setInterval(() => latest.current(-1), BACKWARD_MS[-speed.current - 1]);
  }, [clock]);
  /** Whatever else moves the picture ends the way back. */
  const release = useCallback(() => {
    clearInterval(timer.current);
    speed.current = 0;
  }, []);
  return useMemo(() => ({ stop, on, back, release }), [stop, on, back, release]);
}
