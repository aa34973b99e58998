import { useComputedColorScheme } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useCallback, useRef } from "react";
import { contextOf, cssColours, useDrawing, useSize } from "@/lib/plot/canvas";
import { lengthOf, panned, type Span, zoomed } from "@/lib/plot/span";
import { type SpanStore, useSpan } from "@/lib/plot/spanStore";
import classes from "./TimeBrush.module.css";

interface Props {
  store: SpanStore;
  /** How many vehicles are in view in each of equal parts of the whole time. */
  density: Float64Array;
  readTime: (seconds: number) => string;
}

type Grip = "window" | "from" | "to" | "new";

interface Drag {
  readonly grip: Grip;
  readonly at: number;
  readonly span: Span;
}

/** The whole time at a glance and the part that is looked at: drag it, drag its ends, or drag out a new one. */
export function TimeBrush({ store, density, readTime }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const { span, whole } = useSpan(store);
  const share = (time: number): string => `${((time - whole.from) / lengthOf(whole)) * 100}%`;

  function timeAt(event: PointerEvent): number {
    const { left, width } = area.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return whole.from + ((event.clientX - left) / width) * lengthOf(whole);
  }

  function grab(event: PointerEvent<HTMLDivElement>): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    const grip =
      event.target instanceof HTMLElement ? (event.target.dataset.grip as Grip | undefined) : undefined;
    drag.current = { grip: grip ?? "new", at: timeAt(event), span };
  }

  function move(event: PointerEvent<HTMLDivElement>): void {
    if (drag.current) store.set(dragged(drag.current, timeAt(event), whole));
  }

  return (
    <div
      ref={area}
      className={classes.strip}
      role="group"
      aria-label="Time"
      onPointerDown={grab}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onDoubleClick={() => store.set(whole)}
    >
      <Density density={density} />
      <div className={classes.outside} style={{ left: 0, width: share(span.from) }} />
      <div className={classes.outside} style={{ left: share(span.to), right: 0 }} />
      <div
        className={classes.window}
        data-grip="window"
        role="slider"
        tabIndex={0}
        aria-label="Time that is looked at"
        aria-valuemin={whole.from}
        aria-valuemax={whole.to}
        aria-valuenow={span.from}
        aria-valuetext={`${readTime(span.from)} to ${readTime(span.to)}`}
        style={{ left: share(span.from), right: `calc(100% - ${share(span.to)})` }}
        onKeyDown={(event) => press(event, store)}
      />
      <div className={classes.handle} data-grip="from" style={{ left: share(span.from) }} />
      <div className={classes.handle} data-grip="to" style={{ left: share(span.to) }} />
    </div>
  );
}

function dragged({ grip, at, span }: Drag, time: number, whole: Span): Span {
  if (grip === "window") return panned(span, time - at, whole);
  if (grip === "from") return { from: Math.min(time, span.to - 0.5), to: span.to };
  if (grip === "to") return { from: span.from, to: Math.max(time, span.from + 0.5) };
  return { from: Math.min(at, time), to: Math.max(at, time) };
}

/** Arrows pan by a tenth, with Shift they zoom; Home and End go to the ends. */
function press(event: KeyboardEvent, store: SpanStore): void {
  const { span, whole } = store.read();
  const middle = (span.from + span.to) / 2;
  const tenth = lengthOf(span) / 10;
  const spans: Record<string, Span> = {
    ArrowLeft: event.shiftKey ? zoomed(span, 1.25, middle, whole) : panned(span, -tenth, whole),
    ArrowRight: event.shiftKey ? zoomed(span, 0.8, middle, whole) : panned(span, tenth, whole),
    Home: panned(span, whole.from - whole.to, whole),
    End: panned(span, whole.to - whole.from, whole),
  };
  const next = spans[event.key];
  if (!next) return;
  store.set(next);
  event.preventDefault();
  event.stopPropagation();
}

/** A nothing to follow: the strip's ground changes with its size and colours only. */
const never = (): (() => void) => () => undefined;

function Density({ density }: { density: Float64Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const scheme = useComputedColorScheme();
  const draw = useCallback(() => {
    const context = canvas.current && contextOf(canvas.current, size);
    if (!canvas.current || !context || !scheme) return;
    const { bar } = cssColours(canvas.current, { bar: "--ct-idle" });
    const most = density.reduce((highest, count) => Math.max(highest, count), 1);
    const width = size.width / density.length;
    context.clearRect(0, 0, size.width, size.height);
    context.fillStyle = bar;
    density.forEach((count, index) => {
      const height = (count / most) * (size.height - 6);
      context.fillRect(index * width, size.height - height, width + 0.5, height);
    });
  }, [density, size, scheme]);
  useDrawing(draw, never);
  return <canvas ref={canvas} className={classes.density} />;
}
