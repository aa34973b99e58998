import { type RefObject, useEffect, useRef } from "react";
import { frameOfPicture } from "@/lib/player/frames";

/**
 * Calls `onFrame` with the frame number of every picture that the video puts on screen. The request for the next
 * picture is never dropped while another `onFrame` comes in, so that no picture is missed.
 */
export function usePicture(
  video: RefObject<HTMLVideoElement | null>,
  times: readonly number[] | undefined,
  onFrame: (frame: number) => void,
): void {
  const tell = useRef(onFrame);
  useEffect(() => {
    tell.current = onFrame;
  }, [onFrame]);

  useEffect(() => {
    const element = video.current;
    if (!element || !times || times.length === 0) return;
    let request = element.requestVideoFrameCallback(function show(_now, { mediaTime }) {
      request = element.requestVideoFrameCallback(show);
      tell.current(frameOfPicture(times, mediaTime));
    });
    return () => element.cancelVideoFrameCallback(request);
  }, [video, times]);
}
