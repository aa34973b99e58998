import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import type { Point } from "../regionDraft";
import { pointOf } from "./Drawing";
import classes from "./Handle.module.css";

interface Props {
  at: Point;
  /** Picture pixels to a pixel of the screen. */
  unit: number;
  label: string;
  /** Stands beside it. */
  mark?: string;
  isBad?: boolean;
  /** Without it, it only shows the place. */
  onMove?: ((to: Point) => void) | undefined;
  onRemove?: (() => void) | undefined;
  /** A press that moved nothing. */
  onPress?: (() => void) | undefined;
  /** Takes the keys when this becomes true. */
  withFocus?: boolean | undefined;
}

const STEPS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAR = 10;
const RADIUS = 5.5;
const REACH = 12;

/** A point of the drawing: dragged, or moved by arrows (Shift: by ten), taken away by Delete. */
export function Handle({ at, unit, label, mark, isBad, onMove, onRemove, onPress, withFocus }: Props) {
  const handle = useRef<SVGGElement>(null);
  useEffect(() => {
    if (withFocus) handle.current?.focus();
  }, [withFocus]);
  const pressed = useRef<{ from: Point; moved: boolean } | null>(null);

  function drawingPoint(event: PointerEvent<SVGGElement>): Point | null {
    return event.currentTarget.ownerSVGElement && pointOf(event.currentTarget.ownerSVGElement, event);
  }

  function down(event: PointerEvent<SVGGElement>): void {
    const point = drawingPoint(event);
    if (event.button !== 0 || !point) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    pressed.current = { from: [at[0] - point[0], at[1] - point[1]], moved: false };
  }

  function drag(event: PointerEvent<SVGGElement>): void {
    const point = drawingPoint(event);
    if (!pressed.current || !point) return;
    const to: Point = [point[0] + pressed.current.from[0], point[1] + pressed.current.from[1]];
    if (!pressed.current.moved && Math.hypot(to[0] - at[0], to[1] - at[1]) < 3 * unit) return;
    pressed.current.moved = true;
    onMove?.(to);
  }

  function up(): void {
    if (pressed.current && !pressed.current.moved) onPress?.();
    pressed.current = null;
  }

  /** The system took the pointer away: what moves after that is another press. */
  function cancel(): void {
    pressed.current = null;
  }

  function key(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step && onMove) {
      const far = event.shiftKey ? FAR : 1;
      onMove([at[0] + step[0] * far, at[1] + step[1] * far]);
    } else if ((event.key === "Delete" || event.key === "Backspace") && onRemove) onRemove();
    else if ((event.key === "Enter" || event.key === " ") && onPress) onPress();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is a button where it can be moved, else a mark
    <g
      className={classes.handle}
      data-bad={isBad || undefined}
      data-moves={onMove ? true : undefined}
      transform={`translate(${at[0]} ${at[1]})`}
      role={onMove ? "button" : "img"}
      tabIndex={onMove ? 0 : undefined}
      aria-label={label}
      ref={handle}
      onPointerDown={onMove && down}
      onPointerMove={drag}
      onPointerUp={up}
      onPointerCancel={cancel}
      onClick={(event) => event.preventDefault()}
      onKeyDown={key}
    >
      <circle r={REACH * unit} fill="transparent" />
      <circle className={classes.dot} r={RADIUS * unit} strokeWidth={2 * unit} />
      {mark && (
        <text className={classes.mark} x={9 * unit} y={-8 * unit} fontSize={13 * unit} strokeWidth={3 * unit}>
          {mark}
        </text>
      )}
    </g>
  );
}
