import { type RefObject, useEffect } from "react";

/** The wheel zooms at the pointer. A listener of React's could not keep the page from scrolling. */
export function useWheel(
  area: RefObject<HTMLElement | null>,
  zoomAt: (wheel: number, x: number, y: number) => void,
): void {
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const turn = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      zoomAt(event.deltaY, event.clientX - left, event.clientY - top);
    };
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [area, zoomAt]);
}
