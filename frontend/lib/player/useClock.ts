import { useEffect, useSyncExternalStore } from "react";
import type { ClockState, SceneClock } from "./clock";

/** The clock's state, at every picture while it plays. Only small components should read it. */
export function useClockState(clock: SceneClock): ClockState {
  return useSyncExternalStore(clock.subscribe, clock.state);
}

/** Only what changes rarely: re-renders when playing, speed or a jump changes, not as time goes by. */
export function useClockMode(clock: SceneClock): string {
  return useSyncExternalStore(clock.subscribe, () => {
    const { playing, rate, jumps } = clock.state();
    return `${playing} ${rate} ${jumps}`;
  });
}

/** Lets the clock tick at every picture of the screen while it plays. */
export function useTicking(clock: SceneClock): void {
  const mode = useClockMode(clock);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of mode starts or ends the loop
  useEffect(() => {
    if (!clock.isPlaying) return;
    let request = requestAnimationFrame(function tick() {
      clock.tick();
      request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  }, [clock, mode]);
}
