/** Which part of the picture is on screen: zoom and place, on top of the fit that shows all of it. */
import { containFit, type Fit } from "@/lib/player/fit";
import type { Box } from "./types";

/** 1 and the middle of the picture: all of it. `x`, `y`: the picture point in the middle of the area. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** The view as it is now: what draws by it listens here. */
export class ViewStore {
  private readonly listeners = new Set<() => void>();

  constructor(private view: View) {}

  get = (): View => this.view;

  set(view: View): void {
    this.view = view;
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MOST_ZOOM = 16;

export function wholeView({ width, height }: Size): View {
  return { zoom: 1, x: width / 2, y: height / 2 };
}

/** Where the picture lies in an area (CSS pixels) under a view. */
export function fitOf(view: View, picture: Size, area: Size): Fit {
  const scale = containFit(picture.width, picture.height, area.width, area.height).scale * view.zoom;
  return { scale, left: area.width / 2 - view.x * scale, top: area.height / 2 - view.y * scale };
}

/** A view that shows no more outside of the picture than it must. */
function kept({ zoom, x, y }: View, picture: Size, area: Size): View {
  const { scale } = fitOf({ zoom, x, y }, picture, area);
  const within = (at: number, whole: number, seen: number): number =>
    seen >= whole ? whole / 2 : Math.max(seen / 2, Math.min(at, whole - seen / 2));
  return {
    zoom,
    x: within(x, picture.width, area.width / scale),
    y: within(y, picture.height, area.height / scale),
  };
}

/** Zoom by `factor` so that the picture point under (`atX`, `atY`) of the area stays there. */
export function zoomed(
  view: View,
  factor: number,
  atX: number,
  atY: number,
  picture: Size,
  area: Size,
): View {
  const zoom = Math.max(1, Math.min(view.zoom * factor, MOST_ZOOM));
  const before = fitOf(view, picture, area);
  const pointX = (atX - before.left) / before.scale;
  const pointY = (atY - before.top) / before.scale;
  const scale = (before.scale / view.zoom) * zoom;
  const moved = {
    zoom,
    x: pointX - (atX - area.width / 2) / scale,
    y: pointY - (atY - area.height / 2) / scale,
  };
  return kept(moved, picture, area);
}

/** Move the picture by CSS pixels. */
export function panned(view: View, dx: number, dy: number, picture: Size, area: Size): View {
  const { scale } = fitOf(view, picture, area);
  return kept({ zoom: view.zoom, x: view.x - dx / scale, y: view.y - dy / scale }, picture, area);
}

/** Share of the area that a box fills when it is looked at closely. */
const CLOSE = 0.35;

export function closeTo([x1, y1, x2, y2]: Box, picture: Size, area: Size): View {
  const fit = containFit(picture.width, picture.height, area.width, area.height).scale;
  const byWidth = (CLOSE * area.width) / ((x2 - x1) * fit);
  const byHeight = (CLOSE * area.height) / ((y2 - y1) * fit);
  const zoom = Math.max(1, Math.min(byWidth, byHeight, MOST_ZOOM));
  return kept({ zoom, x: (x1 + x2) / 2, y: (y1 + y2) / 2 }, picture, area);
}
