import { type RefObject, useEffect, useRef } from "react";
import { frameOfPicture, frameShownAt } from "./frames";

/** How long the browser may take to tell which picture a seek put on screen, before it is worked out. */
const TELLING_MS = 150;

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
    return watchPictures(element, times, (frame) => tell.current(frame));
  }, [video, times]);
}

/**
 * The browser says which picture it shows. A picture that comes between that and the request for the next one is
 * never told, though; on a video that stands there is no next one, so after a seek the picture at its place counts,
 * however late the browser tells of the one before.
 */
function watchPictures(
  element: HTMLVideoElement,
  times: readonly number[],
  tell: (frame: number) => void,
): () => void {
  let untold: ReturnType<typeof setTimeout> | undefined;
  const stopWaiting = (): void => clearTimeout(untold);
  const sought = (): void => {
    stopWaiting();
    untold = setTimeout(() => {
      if (element.paused && !element.seeking) tell(frameShownAt(times, element.currentTime));
    }, TELLING_MS);
  };
  let request = element.requestVideoFrameCallback(function show(_now, { mediaTime }) {
    request = element.requestVideoFrameCallback(show);
    const frame = frameOfPicture(times, mediaTime);
    tell(frame);
    if (frame === frameShownAt(times, element.currentTime)) stopWaiting();
    else if (element.paused) sought();
  });
  element.addEventListener("seeked", sought);
  return () => {
    element.removeEventListener("seeked", sought);
    element.cancelVideoFrameCallback(request);
    stopWaiting();
  };
}
