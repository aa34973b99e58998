import { useComputedColorScheme } from "@mantine/core";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { contextOf, cssColours, type Size, useDrawing, useSize } from "@/lib/plot/canvas";
import type { SpanStore } from "@/lib/plot/spanStore";
import { type Bars, packLanes, stepsOf } from "../bars";
import { drawDiagram, type Palette } from "../draw";
import { useGestures } from "../hooks/useGestures";
import { barMiddles, placeLanes, TimeScale } from "../layout";
import classes from "./Diagram.module.css";
import { LaneNames } from "./LaneNames";

/** Lines between cameras: all that a still picture can carry, and what a moving one draws within a frame. */
const MOST_STEPS = { still: 6000, moving: 500 };

interface Props {
  bars: Bars;
  /** Cameras in the order of their lanes. */
  order: readonly number[];
  names: ReadonlyMap<number, string>;
  store: SpanStore;
  identity: number | null;
  /** The bar that the keys are at. */
  focus: number | null;
  playhead: number | null;
  readTime: (seconds: number) => string;
  onMove: (camera: number, by: -1 | 1) => void;
  /** A click on a bar, or on nothing. */
  onPick: (bar: number | null) => void;
  onOpen: (bar: number) => void;
  /** What is told of the bar under the pointer. */
  renderCard: (bar: number) => ReactNode;
}

/** A run in space and time: cameras down, time across, tracklets as bars, identities as lines between them. */
export function Diagram(props: Props) {
  const { bars, order, names, store, identity, focus, playhead, readTime } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useSize(scroll);
  const width = useSize(plot).width;
  const scheme = useComputedColorScheme();
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const packed = useMemo(() => packLanes(bars, order), [bars, order]);
  const steps = useMemo(() => stepsOf(bars), [bars]);
  const { lanes, total } = useMemo(() => placeLanes(packed, room.height), [packed, room.height]);
  const middles = useMemo(() => barMiddles(bars, lanes), [bars, lanes]);
  const size = useMemo<Size>(
    () => ({ width, height: Math.max(total, room.height) }),
    [width, total, room.height],
  );
  const shownFocus = hovered?.bar ?? focus;

  const draw = useCallback(() => {
    const context = canvas.current && size.width > 0 ? contextOf(canvas.current, size) : null;
    if (!canvas.current || !context) return;
    const { span, moving } = store.read();
    drawDiagram(context, {
      bars,
      steps,
      lanes,
      middles,
      scale: new TimeScale(span, size.width),
      height: size.height,
      identity,
      focus: shownFocus,
      playhead,
      readTime,
      palette: paletteOf(canvas.current, scheme),
      mostSteps: moving ? MOST_STEPS.moving : MOST_STEPS.still,
    });
  }, [bars, steps, lanes, middles, size, identity, shownFocus, playhead, readTime, scheme, store]);
  useDrawing(draw, store.subscribe);
  const gestures = useGestures({ ...props, lanes, canvas, onHover: setHovered });

  return (
    <div className={classes.diagram}>
      <div ref={scroll} className={classes.scroll}>
        <LaneNames lanes={lanes} names={names} onMove={props.onMove} />
        <div ref={plot} className={classes.plot} style={{ height: size.height || "100%" }}>
          <canvas
            ref={canvas}
            className={classes.canvas}
            data-on-bar={hovered ? "" : undefined}
            role="img"
            aria-label={`Space-time diagram of ${bars.count} tracklets in ${order.length} cameras; the table below has the same.`}
            {...gestures}
          />
        </div>
      </div>
      {hovered && <Card hovered={hovered}>{props.renderCard(hovered.bar)}</Card>}
    </div>
  );
}

export interface Hovered {
  readonly bar: number;
  readonly x: number;
  readonly y: number;
}

const CARD = { width: 248, height: 240 };

function Card({ hovered, children }: { hovered: Hovered; children: ReactNode }) {
  const left = hovered.x + CARD.width + 16 < window.innerWidth ? hovered.x + 14 : hovered.x - CARD.width;
  const top = Math.max(8, Math.min(hovered.y + 14, window.innerHeight - CARD.height));
  return (
    <div className={classes.card} style={{ left, top }}>
      {children}
    </div>
  );
}

const palettes = new Map<string, Palette>();

/** Colours of a scheme, read once: reading styles in every frame would cost more than drawing. */
function paletteOf(element: Element, scheme: string): Palette {
  const known = palettes.get(scheme);
  if (known) return known;
  const read = cssColours(element, {
    single: "--ct-idle",
    machine: "--ct-accent",
    confirmed: "--ct-good",
    contradictory: "--ct-bad",
    text: "--mantine-color-text",
    dimmed: "--mantine-color-dimmed",
    line: "--ct-line",
    lane: "--ct-sunken",
    body: "--ct-panel",
    accent: "--ct-warn",
  });
  const palette = { ...read, states: [read.single, read.machine, read.confirmed, read.contradictory] };
  palettes.set(scheme, palette);
  return palette;
}
