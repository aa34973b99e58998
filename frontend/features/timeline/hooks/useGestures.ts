import { type PointerEvent, type RefObject, useEffect, useRef } from "react";
import { panned, zoomed } from "@/lib/plot/span";
import type { SpanStore } from "@/lib/plot/spanStore";
import type { Bars } from "../bars";
import { barAt, type PlacedLane, TimeScale } from "../layout";

interface Inputs {
  bars: Bars;
  lanes: readonly PlacedLane[];
  store: SpanStore;
  canvas: RefObject<HTMLCanvasElement | null>;
  onHover: (hovered: { bar: number; x: number; y: number } | null) => void;
  onPick: (bar: number | null) => void;
  onOpen: (bar: number) => void;
}

const ZOOM_A_PIXEL = 0.0016;
const CLICK_PX = 4;

/** The mouse on the diagram: wheel zooms, Shift and a sideways wheel pan, dragging pans, a click picks. */
export function useGestures({ bars, lanes, store, canvas, onHover, onPick, onOpen }: Inputs) {
  const pressed = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  useWheel(canvas, store);

  function barUnder(event: { clientX: number; clientY: number }): number | null {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return null;
    const scale = new TimeScale(store.read().span, box.width);
    return barAt(bars, lanes, scale, event.clientX - box.left, event.clientY - box.top);
  }

  return {
    onPointerDown(event: PointerEvent<HTMLCanvasElement>): void {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      pressed.current = { x: event.clientX, y: event.clientY, moved: false };
    },
    onPointerMove(event: PointerEvent<HTMLCanvasElement>): void {
      const start = pressed.current;
      if (!start) {
        const bar = barUnder(event);
        onHover(bar === null ? null : { bar, x: event.clientX, y: event.clientY });
        return;
      }
      const by = event.clientX - start.x;
      if (!start.moved && Math.hypot(by, event.clientY - start.y) < CLICK_PX) return;
      const { span, whole } = store.read();
      const scale = new TimeScale(span, event.currentTarget.clientWidth);
      pressed.current = { x: event.clientX, y: start.y, moved: true };
      onHover(null);
      store.set(panned(span, -by / scale.perSecond, whole));
    },
    onPointerUp(event: PointerEvent<HTMLCanvasElement>): void {
      const isClick = pressed.current !== null && !pressed.current.moved;
      pressed.current = null;
      if (isClick) onPick(barUnder(event));
    },
    onPointerLeave(): void {
      if (!pressed.current) onHover(null);
    },
    onDoubleClick(event: { clientX: number; clientY: number }): void {
      const bar = barUnder(event);
      if (bar !== null) onOpen(bar);
    },
  };
}

/** React listens to wheels passively; this one must keep the page from scrolling. */
function useWheel(canvas: RefObject<HTMLCanvasElement | null>, store: SpanStore): void {
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const turn = (event: WheelEvent): void => {
      event.preventDefault();
      const { span, whole } = store.read();
      const { left, width } = element.getBoundingClientRect();
      const scale = new TimeScale(span, width);
      const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
      if (sideways !== 0) store.set(panned(span, sideways / scale.perSecond, whole));
      else
        store.set(
          zoomed(span, Math.exp(event.deltaY * ZOOM_A_PIXEL), scale.time(event.clientX - left), whole),
        );
    };
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [canvas, store]);
}
