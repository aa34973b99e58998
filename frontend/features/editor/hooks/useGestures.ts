import { type PointerEvent, useRef, useState } from "react";
import type { Fit } from "@/lib/player/fit";
import { boxUnder, dragged, type Grip, gripAt, spanned } from "../handles";
import type { Box } from "../types";
import type { Commands } from "./useCommands";
import type { Editor } from "./useEditor";
import type { Viewport } from "./useViewport";

const REACH_PX = 6;
/** A press that moves less than this is a click. */
const CLICK_PX = 3;

interface Point {
  readonly x: number;
  readonly y: number;
}

type Held =
  | { readonly kind: "box"; readonly box: Box; readonly grip: Grip; readonly frame: number }
  | { readonly kind: "new"; readonly frame: number }
  | { readonly kind: "pan" };

type Press = Held & { readonly from: Point; last: Point; isClick: boolean };

const CURSORS: Record<string, string> = {
  "-1-1": "nwse-resize",
  "11": "nwse-resize",
  "-11": "nesw-resize",
  "1-1": "nesw-resize",
};

function cursorOf({ x, y }: Grip): string {
  if (x === 0 && y === 0) return "move";
  return CURSORS[`${x}${y}`] ?? (x === 0 ? "ns-resize" : "ew-resize");
}

/** Pointing, selecting, moving, sizing and drawing boxes, and moving the zoomed picture. */
export function useGestures(editor: Editor, commands: Commands, viewport: Viewport, fit: Fit) {
  const press = useRef<Press | null>(null);
  const [pointer, setPointer] = useState<Point | null>(null);
  const { drafting, picking } = commands;

  /** A point of the canvas (CSS pixels) in video pixels. */
  const inPicture = ({ x, y }: Point): Point => ({
    x: (x - fit.left) / fit.scale,
    y: (y - fit.top) / fit.scale,
  });
  const pointOf = (event: PointerEvent): Point => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const trackUnder = (point: Point): number | null => {
    const { x, y } = inPicture(point);
    return boxUnder(editor.boxesAt(editor.transport.frameNow()) ?? [], x, y)?.track ?? null;
  };
  const gripUnder = (point: Point): { box: Box; grip: Grip } | null => {
    const box = editor.locked || picking.picking ? null : drafting.boxHere(editor.transport.frameNow());
    const { x, y } = inPicture(point);
    const grip = box && gripAt(box, x, y, REACH_PX / fit.scale);
    return box && grip ? { box, grip } : null;
  };
  const heldAt = (point: Point, button: number): Held => {
    const frame = editor.transport.frameNow();
    const under = button === 0 ? gripUnder(point) : null;
    if (under) return { kind: "box", ...under, frame };
    return button === 0 && drafting.drawing ? { kind: "new", frame } : { kind: "pan" };
  };
  const click = (point: Point): void => {
    const track = trackUnder(point);
    if (picking.picking) {
      if (track !== null) picking.pick(track);
    } else if (!drafting.drawing) editor.select(track);
  };
  const drag = (held: Press, point: Point): void => {
    const [from, to] = [inPicture(held.from), inPicture(point)];
    if (held.kind === "pan") viewport.pan(point.x - held.last.x, point.y - held.last.y);
    else if (held.kind === "box") {
      const box = dragged(held.box, held.grip, to.x - from.x, to.y - from.y, editor.video);
      drafting.setDraft({ frame: held.frame, box });
    } else {
      const box = spanned(from.x, from.y, to.x, to.y, editor.video);
      drafting.setDraft(box && { frame: held.frame, box });
    }
  };

  return {
    pointer,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button > 1) return;
      const from = pointOf(event);
      event.currentTarget.setPointerCapture(event.pointerId);
      const held = heldAt(from, event.button);
      if (held.kind !== "pan") editor.transport.clock.pause();
      press.current = { ...held, from, last: from, isClick: true };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const point = pointOf(event);
      if (drafting.drawing) setPointer(point);
      const held = press.current;
      if (held) {
        if (Math.hypot(point.x - held.from.x, point.y - held.from.y) > CLICK_PX) held.isClick = false;
        if (!held.isClick) drag(held, point);
        held.last = point;
        return;
      }
      const grip = gripUnder(point);
      const track = trackUnder(point);
      editor.setHovered(track);
      const free = drafting.drawing ? "crosshair" : track === null ? "default" : "pointer";
      event.currentTarget.style.cursor = grip ? cursorOf(grip.grip) : free;
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const held = press.current;
      press.current = null;
      if (held?.isClick && event.button === 0) click(pointOf(event));
      else if (held && held.kind !== "pan") drafting.flush();
    },
    /** The system took the pointer away: nothing that was being drawn counts. */
    onPointerCancel: () => {
      const held = press.current;
      press.current = null;
      if (held && !held.isClick && held.kind !== "pan") drafting.setDraft(null);
    },
    onPointerLeave: () => {
      setPointer(null);
      if (!press.current) editor.setHovered(null);
    },
  };
}
