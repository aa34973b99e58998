import { useComputedColorScheme } from "@mantine/core";
import { type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { contextOf, cssColours, useDrawing, useSize } from "@/lib/plot/canvas";
import type { SpanStore } from "@/lib/plot/spanStore";
import type { Ground } from "../api/getGround";
import { drawMap, type MapPicture, pathAt } from "../draw";
import { latitudeLongitude } from "../geographic";
import { useMapActions } from "../hooks/useMapActions";
import { usePlanPicture } from "../hooks/usePlanPicture";
import { boundsOf, dragged, fitted, type MapView, scaled, toGround } from "../mapView";
import type { Path } from "../paths";
import classes from "./SceneMap.module.css";

interface Props {
  ground: Ground;
  names: ReadonlyMap<number, string>;
  paths: readonly Path[];
  store: SpanStore;
  identity: number | null;
  onPick: (identity: number | null) => void;
  /** Begin with these paths in view instead of all that the cameras see. */
  onlyPaths?: boolean;
  /** Whether the page's keys move it. */
  withKeys?: boolean;
  /** What there is to see for people who do not see the canvas. */
  label: string;
}

const ZOOM_A_PIXEL = 0.0016;
const CLICK_PX = 4;

/** The ground of a scene from above: cameras, what they see, and the ways of vehicles in the time that is looked at. */
export function SceneMap(props: Props) {
  const { ground, names, paths, store, identity, onPick, onlyPaths = false, withKeys = false, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const scheme = useComputedColorScheme();
  const [moved, setMoved] = useState<MapView | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const [pointer, setPointer] = useState<[number, number] | null>(null);
  const pressed = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const bounds = useMemo(() => boundsOf(listsOf(ground, paths, onlyPaths)), [ground, paths, onlyPaths]);
  const start = useMemo(() => fitted(bounds ?? NOWHERE, size), [bounds, size]);
  const view = moved ?? start;
  const plan = usePlanPicture(ground.plan?.picture_url ?? null);

  const draw = useCallback(() => {
    const context = canvas.current && size.width > 0 ? contextOf(canvas.current, size) : null;
    if (!canvas.current || !context) return;
    const { span } = store.read();
    const colours = coloursOf(canvas.current, scheme);
    drawMap(context, { view, size, ground, plan, names, paths, span, identity, hovered, colours });
  }, [view, size, ground, plan, names, paths, identity, hovered, scheme, store]);
  useDrawing(draw, store.subscribe);
  useWheel(canvas, (factor, x, y) => setMoved((before) => scaled(before ?? start, size, factor, x, y)));

  useMapActions(
    {
      zoom: (factor) => setMoved(scaled(view, size, factor, size.width / 2, size.height / 2)),
      pan: (right, down) => setMoved(dragged(view, -right * size.width, -down * size.height)),
      all: () => setMoved(null),
      deselect: () => onPick(null),
    },
    withKeys,
  );

  function pathUnder(event: { clientX: number; clientY: number }): Path | null {
    const { left, top } = canvas.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
    const { span } = store.read();
    return pathAt({ view, size, paths, span }, event.clientX - left, event.clientY - top);
  }

  function move(event: PointerEvent<HTMLCanvasElement>): void {
    const from = pressed.current;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    setPointer(toGround(view, size, event.clientX - left, event.clientY - top));
    if (!from) {
      setHovered(pathUnder(event)?.id ?? null);
      return;
    }
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && Math.hypot(dx, dy) < CLICK_PX) return;
    pressed.current = { x: event.clientX, y: event.clientY, moved: true };
    setMoved(dragged(view, dx, dy));
  }

  function release(event: PointerEvent<HTMLCanvasElement>): void {
    const isClick = pressed.current !== null && !pressed.current.moved;
    pressed.current = null;
    if (isClick) onPick(pathUnder(event)?.identity || null);
  }

  return (
    <div className={classes.map}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        data-on-path={hovered === null ? undefined : ""}
        role="img"
        aria-label={label}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          pressed.current = { x: event.clientX, y: event.clientY, moved: false };
        }}
        onPointerMove={move}
        onPointerUp={release}
        onPointerLeave={() => {
          setHovered(null);
          setPointer(null);
        }}
        onDoubleClick={() => setMoved(null)}
      />
      <p className={classes.corner}>{pointer && placeWords(pointer, ground)}</p>
    </div>
  );
}

const NOWHERE = { left: -50, right: 50, bottom: -50, top: 50 };

function listsOf(ground: Ground, paths: readonly Path[], onlyPaths: boolean): ArrayLike<number>[] {
  if (onlyPaths) return paths.map(({ places }) => places);
  const cameras = ground.cameras.flatMap(({ place, view }) => [...(place ? [place] : []), view.flat()]);
  return cameras.length > 0 ? cameras : paths.map(({ places }) => places);
}

function placeWords([x, y]: [number, number], { origin }: Ground): string {
  const metres = `${x.toFixed(0)} m east, ${y.toFixed(0)} m north`;
  if (!origin) return metres;
  const [latitude, longitude] = latitudeLongitude(origin, x, y);
  return `${latitude.toFixed(6)}°, ${longitude.toFixed(6)}° · ${metres}`;
}

/** React listens to wheels passively; this one must keep the page from scrolling. */
function useWheel(
  canvas: React.RefObject<HTMLCanvasElement | null>,
  zoom: (factor: number, x: number, y: number) => void,
): void {
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const turn = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * ZOOM_A_PIXEL), event.clientX - left, event.clientY - top);
    };
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [canvas, zoom]);
}

const read = new Map<string, MapPicture["colours"]>();

function coloursOf(element: Element, scheme: string): MapPicture["colours"] {
  const known = read.get(scheme);
  if (known) return known;
  const colours = cssColours(element, {
    text: "--mantine-color-text",
    dimmed: "--mantine-color-dimmed",
    line: "--ct-line",
    body: "--ct-panel",
    accent: "--ct-accent",
  });
  read.set(scheme, colours);
  return colours;
}
