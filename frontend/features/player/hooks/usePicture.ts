import { type RefObject, useEffect } from "react";
import { frameOfPicture } from "@/lib/player/frames";

/** Calls `onFrame` with the frame number of every picture that the video puts on screen. */
export function usePicture(
  video: RefObject<HTMLVideoElement | null>,
  times: readonly number[] | undefined,
  onFrame: (frame: number) => void,
): void {
  useEffect(() => {
    const element = video.current;
    if (!element || !times || times.length === 0) return;
    let request = element.requestVideoFrameCallback(function show(_now, { mediaTime }) {
      onFrame(frameOfPicture(times, mediaTime));
      request = element.requestVideoFrameCallback(show);
    });
    return () => element.cancelVideoFrameCallback(request);
  }, [video, times, onFrame]);
}
