import { type RefObject, useEffect, useState } from "react";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of an element in CSS pixels, as it changes. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const watched = element.current;
    if (!watched) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
      setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** The canvas's context, with room for `size` in the screen's own pixels and CSS pixels as its unit. */
export function contextOf(
  canvas: HTMLCanvasElement,
  { width, height }: Size,
): CanvasRenderingContext2D | null {
  const density = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext("2d");
  context?.setTransform(density, 0, 0, density, 0, 0);
  return context;
}

/** Run `draw` once in the next frame, however often it is asked for before. */
export class FrameRequest {
  private asked = 0;

  constructor(private readonly draw: () => void) {}

  readonly ask = (): void => {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  };

  cancel(): void {
    cancelAnimationFrame(this.asked);
    this.asked = 0;
  }
}

/** Values of CSS variables on an element, for drawing. */
export function cssColours<Name extends string>(
  element: Element,
  names: Record<Name, string>,
): Record<Name, string> {
  const style = getComputedStyle(element);
  const read = Object.entries<string>(names).map(([name, variable]) => [
    name,
    style.getPropertyValue(variable).trim(),
  ]);
  return Object.fromEntries(read) as Record<Name, string>;
}

/** What `draw` shows, kept up to date: at once when `draw` is a new function, in frames when a store changes. */
export function useDrawing(draw: () => void, subscribe: (listener: () => void) => () => void): void {
  useEffect(() => {
    const frame = new FrameRequest(draw);
    const stop = subscribe(frame.ask);
    frame.ask();
    return () => {
      stop();
      frame.cancel();
    };
  }, [draw, subscribe]);
}
