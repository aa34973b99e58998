import { type RefObject, useCallback, useEffect, useRef } from "react";
import { clear } from "../draw";

/** A canvas as large as its place on screen: `paint` draws on it in CSS pixels, once a picture of the screen. */
export function useCanvas(
  canvas: RefObject<HTMLCanvasElement | null>,
  draw: (context: CanvasRenderingContext2D, width: number, height: number) => void,
): () => void {
  const latest = useRef(draw);
  const request = useRef(0);
  const paint = useCallback(() => {
    if (request.current) return;
    request.current = requestAnimationFrame(() => {
      request.current = 0;
      const element = canvas.current;
      const context = element?.getContext("2d");
      if (!element || !context) return;
      clear(context, window.devicePixelRatio);
      latest.current(context, element.clientWidth, element.clientHeight);
    });
  }, [canvas]);
  useEffect(() => {
    latest.current = draw;
    paint();
  }, [draw, paint]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      element.width = Math.round(element.clientWidth * window.devicePixelRatio);
      element.height = Math.round(element.clientHeight * window.devicePixelRatio);
      paint();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(request.current);
      request.current = 0;
    };
  }, [canvas, paint]);
  return paint;
}
