import { useState } from "react";

const BRIGHTNESS: readonly number[] = [1, 1.5, 2.2];

/** How pairs are looked at; stays from pair to pair. */
export function useLook() {
  const [fullFrame, setFullFrame] = useState(false);
  const [playing, setPlaying] = useState(
    () => !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
  const [heat, setHeat] = useState(false);
  const [brightness, setBrightness] = useState<number>(1);
  return {
    fullFrame,
    playing,
    heat,
    filter: brightness === 1 ? "none" : `brightness(${brightness}) contrast(1.05)`,
    toggleFullFrame: () => setFullFrame((is) => !is),
    togglePlaying: () => setPlaying((is) => !is),
    toggleHeat: () => setHeat((is) => !is),
    nextBrightness: () =>
      setBrightness((now) => BRIGHTNESS[(BRIGHTNESS.indexOf(now) + 1) % BRIGHTNESS.length] ?? 1),
  };
}
