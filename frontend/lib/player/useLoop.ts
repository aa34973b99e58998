import { type RefObject, useCallback, useEffect } from "react";
import { middleOfFrame } from "./frames";

/**
 * Plays frames `first` to `last` of a video over and over; while not `playing` it stands in their middle. Returns what
 * is to be told every frame on screen.
 */
export function useLoop(
  video: RefObject<HTMLVideoElement | null>,
  times: readonly number[] | undefined,
  first: number,
  last: number,
  playing: boolean,
): (frame: number) => void {
  const restart = useCallback(() => {
    const element = video.current;
    if (!element || !times) return;
    element.currentTime = middleOfFrame(times, first);
    if (element.paused) void element.play().catch(overtaken);
  }, [video, times, first]);

  useEffect(() => {
    const element = video.current;
    if (!element || !times) return;
    if (!playing) {
      element.pause();
      element.currentTime = middleOfFrame(times, Math.round((first + last) / 2));
      return;
    }
    restart();
    element.addEventListener("ended", restart);
    return () => element.removeEventListener("ended", restart);
  }, [video, times, first, last, playing, restart]);

  return useCallback(
    (frame: number) => {
      const element = video.current;
      if (!element || !playing || element.seeking) return;
      if (frame >= last || frame < first) restart();
    },
    [video, first, last, playing, restart],
  );
}

/** A start that a pause or another video overtook, or that the browser forbids: the picture stands, nothing is lost. */
function overtaken(reason: unknown): void {
  if (!(reason instanceof DOMException)) throw reason;
}
