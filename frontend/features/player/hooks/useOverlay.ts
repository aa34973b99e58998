import { type PointerEvent, type RefObject, useCallback, useEffect, useRef } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import { containFit, type Fit } from "@/lib/player/fit";
import { boxAt, drawBoxes, type Look } from "../draw";
import type { TrackedBox } from "../tracks";

interface Overlay {
  draw: (boxes: readonly TrackedBox[]) => void;
  under: (event: PointerEvent) => TrackedBox | null;
}

/** The canvas over a video: draws the boxes it is given, as `look` says, and finds the one under the pointer. */
export function useOverlay(
  canvas: RefObject<HTMLCanvasElement | null>,
  video: PlayerVideo,
  look: (box: TrackedBox) => Look,
): Overlay {
  const shown = useRef<readonly TrackedBox[]>([]);
  const { width, height } = video;

  const pictureFit = useCallback(
    (element: HTMLCanvasElement): Fit => containFit(width, height, element.clientWidth, element.clientHeight),
    [width, height],
  );

  const draw = useCallback(
    (boxes: readonly TrackedBox[]) => {
      shown.current = boxes;
      const element = canvas.current;
      const context = element?.getContext("2d");
      if (element && context) drawBoxes(context, boxes, pictureFit(element), look, window.devicePixelRatio);
    },
    [canvas, pictureFit, look],
  );

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      element.width = Math.round(element.clientWidth * window.devicePixelRatio);
      element.height = Math.round(element.clientHeight * window.devicePixelRatio);
      draw(shown.current);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [canvas, draw]);

  const under = useCallback(
    (event: PointerEvent) => {
      const element = canvas.current;
      if (!element) return null;
      const area = element.getBoundingClientRect();
      return boxAt(shown.current, pictureFit(element), event.clientX - area.left, event.clientY - area.top);
    },
    [canvas, pictureFit],
  );

  return { draw, under };
}
