import { multiples, timeStep } from "@/lib/plot/ticks";
import { type Bars, firstFrom, STATES, type Steps } from "./bars";
import { AXIS_PX, LANE_GAP_PX, type PlacedLane, type TimeScale } from "./layout";

/** Colours of the page's scheme, as the canvas needs them. */
export interface Palette {
  readonly states: readonly string[];
  readonly text: string;
  readonly dimmed: string;
  readonly line: string;
  readonly lane: string;
  readonly body: string;
  readonly accent: string;
}

export interface Picture {
  readonly bars: Bars;
  readonly steps: Steps;
  readonly lanes: readonly PlacedLane[];
  readonly middles: Float32Array;
  readonly scale: TimeScale;
  readonly height: number;
  /** Identity that stands out, and the bar under the pointer or the keys. */
  readonly identity: number | null;
  readonly focus: number | null;
  /** Where the videos are, scene seconds; null where nothing is playing. */
  readonly playhead: number | null;
  readonly readTime: (seconds: number) => string;
  readonly palette: Palette;
  /** At most so many lines between cameras: fewer while the view moves. */
  readonly mostSteps: number;
}

const TICK_PX = 110;
const THIN_PX = 5;

/** Draw everything; the canvas's units are CSS pixels. */
export function drawDiagram(context: CanvasRenderingContext2D, picture: Picture): void {
  context.clearRect(0, 0, picture.scale.width, picture.height);
  drawGround(context, picture);
  drawSteps(context, picture);
  context.globalAlpha = picture.identity === null ? 1 : 0.35;
  for (let state = 0; state < STATES.length; state++) drawState(context, picture, state);
  context.globalAlpha = 1;
  if (picture.identity !== null) drawIdentity(context, picture, picture.identity);
  if (picture.focus !== null) outline(context, picture, picture.focus);
  drawPlayhead(context, picture);
}

function drawGround(
  context: CanvasRenderingContext2D,
  { scale, lanes, palette, height, readTime }: Picture,
): void {
  context.fillStyle = palette.lane;
  for (const { top, height: laneHeight } of lanes) context.fillRect(0, top - 2, scale.width, laneHeight + 4);
  const step = timeStep(scale.span.to - scale.span.from, scale.width / TICK_PX);
  context.fillStyle = palette.line;
  const ticks = multiples(scale.span.from, scale.span.to, step);
  for (const time of ticks) context.fillRect(Math.round(scale.x(time)), AXIS_PX - 6, 1, height);
  context.fillStyle = palette.dimmed;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "top";
  for (const time of ticks) context.fillText(readTime(time), Math.round(scale.x(time)) + 4, 2);
}

/** Bars of one state, row by row: those that share a pixel are one rectangle, so a row never costs more than its width. */
function drawState(context: CanvasRenderingContext2D, picture: Picture, state: number): void {
  const { bars, lanes, scale, palette } = picture;
  context.fillStyle = palette.states[state] ?? palette.dimmed;
  for (const lane of lanes) {
    const gap = lane.rowHeight > 6 ? 1 : 0;
    const quiet = STATES[state] === "single" && lane.rowHeight > THIN_PX;
    const inset = quiet ? lane.rowHeight * 0.25 : 0;
    lane.rows.forEach((row, index) => {
      const top = lane.top + index * lane.rowHeight + inset;
      drawRow(context, bars, row, state, scale, top, lane.rowHeight - gap - 2 * inset);
    });
  }
}

function drawRow(
  context: CanvasRenderingContext2D,
  bars: Bars,
  row: Int32Array,
  state: number,
  scale: TimeScale,
  top: number,
  height: number,
): void {
  let left = 0;
  let right = -1;
  for (let place = firstFrom(bars, row, scale.span.from); place < row.length; place++) {
    const bar = row[place] ?? 0;
    const start = bars.start[bar] ?? 0;
    if (start > scale.span.to) break;
    if (bars.state[bar] !== state) continue;
    const x = Math.max(scale.x(start), -2);
    const end = Math.min(Math.max(scale.x(bars.end[bar] ?? 0), x + 1.5), scale.width + 2);
    if (right >= left && x <= right + 0.5) {
      right = Math.max(right, end);
      continue;
    }
    if (right > left) context.fillRect(left, top, right - left, height);
    [left, right] = [x, end];
  }
  if (right > left) context.fillRect(left, top, right - left, height);
}

function isInView({ bars, scale }: Picture, from: number, to: number): boolean {
  return (bars.end[from] ?? 0) < scale.span.to && (bars.start[to] ?? 0) > scale.span.from;
}

/** Lines between cameras, one path a state; those of note are first in `steps` and so never left out. */
function drawSteps(context: CanvasRenderingContext2D, picture: Picture): void {
  const { bars, steps, palette, mostSteps } = picture;
  let left = mostSteps;
  context.lineWidth = 1;
  let place = 0;
  for (let state = STATES.length - 1; state >= 0 && left > 0; state--) {
    context.beginPath();
    context.strokeStyle = palette.states[state] ?? palette.dimmed;
    for (; place < steps.count && bars.state[steps.from[place] ?? 0] === state; place++) {
      const from = steps.from[place] ?? 0;
      const to = steps.to[place] ?? 0;
      if (left > 0 && isInView(picture, from, to) && traceStep(context, picture, from, to)) left -= 1;
    }
    context.globalAlpha = picture.identity === null ? 0.5 : 0.15;
    context.stroke();
  }
  context.globalAlpha = 1;
}

function traceStep(context: CanvasRenderingContext2D, picture: Picture, from: number, to: number): boolean {
  const { bars, middles, scale } = picture;
  const y1 = middles[from] ?? -1;
  const y2 = middles[to] ?? -1;
  if (y1 < 0 || y2 < 0) return false;
  context.moveTo(scale.x(bars.end[from] ?? 0), y1);
  context.lineTo(scale.x(bars.start[to] ?? 0), y2);
  return true;
}

function drawIdentity(context: CanvasRenderingContext2D, picture: Picture, identity: number): void {
  const { bars, steps, palette } = picture;
  context.lineWidth = 2;
  context.strokeStyle = palette.text;
  context.beginPath();
  for (let place = 0; place < steps.count; place++) {
    const from = steps.from[place] ?? 0;
    if (bars.identity[from] === identity) traceStep(context, picture, from, steps.to[place] ?? 0);
  }
  context.stroke();
  for (let bar = 0; bar < bars.count; bar++) {
    if (bars.identity[bar] !== identity) continue;
    context.fillStyle = palette.states[bars.state[bar] ?? 0] ?? palette.dimmed;
    const box = boxOf(picture, bar);
    if (box) context.fillRect(box.x, box.y, box.width, box.height);
    outline(context, picture, bar, 1);
  }
}

function boxOf({ bars, lanes, middles, scale }: Picture, bar: number) {
  const rowHeight = lanes[0]?.rowHeight ?? 0;
  const middle = middles[bar] ?? -1;
  if (middle < 0) return null;
  const x = Math.max(scale.x(bars.start[bar] ?? 0), -4);
  const end = Math.min(scale.x(bars.end[bar] ?? 0), scale.width + 4);
  const gap = rowHeight > 6 ? 1 : 0;
  return { x, y: middle - rowHeight / 2, width: Math.max(end - x, 2), height: rowHeight - gap };
}

function outline(context: CanvasRenderingContext2D, picture: Picture, bar: number, width = 2): void {
  const box = boxOf(picture, bar);
  if (!box || box.x > picture.scale.width || box.x + box.width < 0) return;
  context.lineWidth = width;
  context.strokeStyle = picture.palette.body;
  context.strokeRect(box.x - width * 1.5, box.y - width * 1.5, box.width + 3 * width, box.height + 3 * width);
  context.strokeStyle = picture.palette.text;
  context.strokeRect(box.x - width / 2, box.y - width / 2, box.width + width, box.height + width);
}

function drawPlayhead(
  context: CanvasRenderingContext2D,
  { playhead, scale, palette, height }: Picture,
): void {
  if (playhead === null) return;
  context.fillStyle = palette.accent;
  context.fillRect(scale.x(playhead) - 1, AXIS_PX - LANE_GAP_PX, 2, height);
}
