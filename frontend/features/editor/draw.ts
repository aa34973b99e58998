/** Drawing on the canvases over the video: all boxes below, what is selected, held or pointed at above. */
import { ON_IDENTITY_COLOUR } from "@/lib/identityColour";
import type { Fit } from "@/lib/player/fit";
import { type Area, type Raster, wordOf, writeOutline } from "./raster";
import type { Box, TrackBox } from "./types";

export interface Style {
  readonly colour: string;
  readonly width: number;
  readonly label: string | null;
}

/** With more boxes in view than this only the widest carry their label, as many as a moving picture has time for, and none has a dark rim. */
const CROWD = 400;
const MOST_LABELS = 200;
const RIM = wordOf("#05080c", 0.55);
const FONT = "600 11px system-ui, sans-serif";
const LABEL_PX = 15;
const LETTER_PX = 7;
const HANDLE_PX = 7;
/** A box smaller than this would vanish under its handles; its sides can be held all the same. */
const HANDLED_PX = 24;

export function clear(context: CanvasRenderingContext2D, density: number): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(density, 0, 0, density, 0, 0);
  context.globalAlpha = 1;
  context.setLineDash([]);
}

interface Placed {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** On whole pixels: straight lines that need no smoothing are drawn many times faster. */
function placed([x1, y1, x2, y2]: Box, { scale, left, top }: Fit): Placed {
  const from = Math.round(left + x1 * scale);
  const above = Math.round(top + y1 * scale);
  return {
    left: from,
    top: above,
    width: Math.round(left + x2 * scale) - from,
    height: Math.round(top + y2 * scale) - above,
  };
}

/** Whether any of it, its line included, is on a canvas of this size. */
function isOn({ left, top, width, height }: Placed, wide: number, high: number): boolean {
  return left <= wide && top <= high && left + width >= 0 && top + height >= 0;
}

/** In the screen's own pixels. */
function areaOf({ left, top, width, height }: Placed, density: number): Area {
  return {
    left: Math.round(left * density),
    top: Math.round(top * density),
    right: Math.round((left + width) * density),
    bottom: Math.round((top + height) * density),
  };
}

function outline(context: CanvasRenderingContext2D, { left, top, width, height }: Placed): void {
  context.strokeRect(left, top, width, height);
}

/** All boxes of a frame, in place of what was on the canvas; their labels on top. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  raster: Raster,
  boxes: readonly TrackBox[],
  fit: Fit,
  styleOf: (track: number) => Style,
): void {
  const density = context.getTransform().a;
  const { width, height } = context.canvas;
  const outlines: [Placed, Style][] = [];
  for (const { track, box } of boxes) {
    const place = placed(box, fit);
    if (isOn(place, width / density, height / density)) outlines.push([place, styleOf(track)]);
  }
  const isCrowd = outlines.length > CROWD;
  raster.draw(context, (pixels) => {
    if (!isCrowd)
      for (const [place, style] of outlines)
        writeOutline(pixels, areaOf(place, density), Math.round((style.width + 2) * density), RIM);
    for (const [place, style] of outlines)
      writeOutline(pixels, areaOf(place, density), Math.round(style.width * density), wordOf(style.colour));
  });
  for (const [place, { label, colour }] of isCrowd ? roomiest(outlines) : outlines)
    if (label) drawLabel(context, label, colour, place, fit.top);
}

/** Of a crowd, the boxes that have most room for their label. */
function roomiest(outlines: readonly [Placed, Style][]): [Placed, Style][] {
  return outlines
    .filter(([{ width }, { label }]) => label && width > label.length * LETTER_PX + 8)
    .sort(([one], [other]) => other.width - one.width)
    .slice(0, MOST_LABELS);
}

const widths = new Map<string, number>();

/** Measured once: that takes as long as drawing it. */
function widthOf(context: CanvasRenderingContext2D, text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  const { width } = context.measureText(text);
  widths.set(text, width);
  return width;
}

function drawLabel(
  context: CanvasRenderingContext2D,
  text: string,
  colour: string,
  at: Placed,
  ceiling: number,
): void {
  context.font = FONT;
  const width = widthOf(context, text) + 8;
  const top = at.top - LABEL_PX >= Math.max(0, ceiling) ? at.top - LABEL_PX : at.top;
  context.fillStyle = colour;
  context.fillRect(at.left - 1, top, width, LABEL_PX);
  context.fillStyle = ON_IDENTITY_COLOUR;
  context.textBaseline = "middle";
  context.fillText(text, at.left + 3, top + LABEL_PX / 2 + 0.5);
}

/** A box that stands out: `handles` where it can be held, dashed while the server does not have it. */
export interface Marked {
  readonly box: Box;
  readonly colour: string;
  readonly label: string | null;
  readonly handles?: boolean;
  readonly dashed?: boolean;
}

export function drawMarked(context: CanvasRenderingContext2D, marked: Marked, fit: Fit): void {
  const place = placed(marked.box, fit);
  context.setLineDash([]);
  context.lineWidth = 5;
  context.strokeStyle = "rgba(5, 8, 12, 0.8)";
  outline(context, place);
  context.setLineDash(marked.dashed ? [6, 4] : []);
  context.lineWidth = 3;
  context.strokeStyle = marked.colour;
  outline(context, place);
  context.setLineDash([]);
  if (marked.handles && Math.min(place.width, place.height) >= HANDLED_PX)
    drawHandles(context, place, marked.colour);
  if (marked.label) drawLabel(context, marked.label, marked.colour, place, fit.top);
}

function drawHandles(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Placed,
  colour: string,
): void {
  context.lineWidth = 1.5;
  context.strokeStyle = "#05080c";
  context.fillStyle = colour;
  for (const x of [0, 0.5, 1]) {
    for (const y of [0, 0.5, 1]) {
      if (x === 0.5 && y === 0.5) continue;
      const [atX, atY] = [left + x * width - HANDLE_PX / 2, top + y * height - HANDLE_PX / 2];
      context.fillRect(atX, atY, HANDLE_PX, HANDLE_PX);
      context.strokeRect(atX, atY, HANDLE_PX, HANDLE_PX);
    }
  }
}

/** The lines through the pointer that help to place a corner. */
export function drawCrosshair(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  context.setLineDash([4, 4]);
  context.lineWidth = 1;
  context.strokeStyle = "rgba(255, 255, 255, 0.75)";
  context.beginPath();
  context.moveTo(0, Math.round(y) + 0.5);
  context.lineTo(width, Math.round(y) + 0.5);
  context.moveTo(Math.round(x) + 0.5, 0);
  context.lineTo(Math.round(x) + 0.5, height);
  context.stroke();
}
