import { type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import { useFrameTimes } from "@/lib/player/getFrameTimes";
import { usePicture } from "@/lib/player/usePicture";
import type { Look } from "../draw";
import { boxesAt, type TrackedBox, windowOf } from "../tracks";
import { useOverlay } from "./useOverlay";
import { useTrackWindows } from "./useTrackWindows";

interface Wanted {
  video: PlayerVideo;
  runId: number | null;
  look: (box: TrackedBox) => Look;
  /** Where it begins, and the last frame that it will show: the video's if not said. */
  firstFrame?: number;
  lastFrame?: number;
  onFrame: (frame: number) => void;
}

export interface BoxedVideo {
  readonly figure: RefObject<HTMLElement | null>;
  readonly player: RefObject<HTMLVideoElement | null>;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly times: readonly number[] | undefined;
  readonly under: (event: PointerEvent) => TrackedBox | null;
}

/**
 * Draws over a video the boxes of exactly the frame that it shows, and tells that frame. Nothing is drawn before the
 * video has told its first picture; the figure says in `data-boxes` how many there are, or that they are loading.
 */
export function useBoxedVideo({
  video,
  runId,
  look,
  firstFrame = 0,
  lastFrame,
  onFrame,
}: Wanted): BoxedVideo {
  const figure = useRef<HTMLElement>(null);
  const player = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const frameOnScreen = useRef<number | null>(null);
  const [windowIndex, setWindowIndex] = useState(windowOf(firstFrame));
  const times = useFrameTimes(video.id).data;
  const last = lastFrame ?? Math.max(0, (times?.length ?? 1) - 1);
  const windows = useTrackWindows(runId, video.id, windowIndex, windowOf(last));
  const overlay = useOverlay(canvas, video, look);

  const draw = useCallback(
    (frame: number) => {
      frameOnScreen.current = frame;
      const boxes = boxesAt(windows, frame);
      overlay.draw(boxes ?? []);
      figure.current?.setAttribute("data-frame", String(frame));
      figure.current?.setAttribute("data-boxes", boxes ? String(boxes.length) : "loading");
    },
    [windows, overlay.draw],
  );
  const show = useCallback(
    (frame: number) => {
      draw(frame);
      setWindowIndex(windowOf(frame));
      onFrame(frame);
    },
    [draw, onFrame],
  );
  usePicture(player, times, show);
  useEffect(() => {
    if (frameOnScreen.current !== null) draw(frameOnScreen.current);
  }, [draw]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another video starts without a picture
  useEffect(() => {
    frameOnScreen.current = null;
    figure.current?.removeAttribute("data-boxes");
    overlay.draw([]);
  }, [video.id]);
  useEffect(() => setWindowIndex(windowOf(firstFrame)), [firstFrame]);

  return { figure, player, canvas, times, under: overlay.under };
}
