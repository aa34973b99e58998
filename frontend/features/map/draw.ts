import { identityColour, SINGLE_CAMERA_COLOUR } from "@/lib/identityColour";
import type { Size } from "@/lib/plot/canvas";
import type { Span } from "@/lib/plot/span";
import { multiples, roundLength } from "@/lib/plot/ticks";
import type { Ground } from "./api/getGround";
import { type MapView, planOnScreen, toGround, toScreen } from "./mapView";
import { type Path, partOf, placeAt } from "./paths";

export interface MapColours {
  readonly text: string;
  readonly dimmed: string;
  readonly line: string;
  readonly body: string;
  readonly accent: string;
}

export interface MapPicture {
  readonly view: MapView;
  readonly size: Size;
  readonly ground: Ground;
  /** The plan's picture, once it was loaded. */
  readonly plan: CanvasImageSource | null;
  readonly names: ReadonlyMap<number, string>;
  readonly paths: readonly Path[];
  readonly span: Span;
  readonly identity: number | null;
  readonly hovered: number | null;
  readonly colours: MapColours;
}

const GRID_PX = 90;
const BAR_PX = 140;

/** Draw the ground, what cameras see, the ways of vehicles, and the cameras; the canvas's units are CSS pixels. */
export function drawMap(context: CanvasRenderingContext2D, picture: MapPicture): void {
  context.clearRect(0, 0, picture.size.width, picture.size.height);
  drawPlan(context, picture);
  drawGrid(context, picture);
  for (const camera of picture.ground.cameras) drawView(context, picture, camera.view);
  const quiet = picture.paths.filter((path) => !standsOut(picture, path));
  for (const path of quiet) drawPath(context, picture, path);
  if (picture.identity !== null) drawWays(context, picture);
  for (const path of picture.paths) if (standsOut(picture, path)) drawPath(context, picture, path);
  for (const camera of picture.ground.cameras) drawCamera(context, picture, camera);
  drawScaleBar(context, picture);
}

/** Turned and scaled as it lies on the ground, and paler than what is drawn over it. */
function drawPlan(
  context: CanvasRenderingContext2D,
  { view, size, plan, ground }: Pick<MapPicture, "view" | "size" | "plan" | "ground">,
): void {
  if (!plan || !ground.plan) return;
  context.save();
  context.globalAlpha = 0.55;
  context.transform(...planOnScreen(ground.plan.to_ground, view, size));
  context.drawImage(plan, 0, 0);
  context.restore();
}

function standsOut({ identity, hovered }: MapPicture, path: Path): boolean {
  return (identity !== null && path.identity === identity) || path.id === hovered;
}

function drawGrid(context: CanvasRenderingContext2D, { view, size, colours }: MapPicture): void {
  const step = roundLength(GRID_PX / view.scale);
  const [left, top] = toGround(view, size, 0, 0);
  const [right, bottom] = toGround(view, size, size.width, size.height);
  context.fillStyle = colours.line;
  context.globalAlpha = 0.6;
  for (const x of multiples(left, right, step))
    context.fillRect(Math.round(toScreen(view, size, x, 0)[0]), 0, 1, size.height);
  for (const y of multiples(bottom, top, step))
    context.fillRect(0, Math.round(toScreen(view, size, 0, y)[1]), size.width, 1);
  context.globalAlpha = 1;
}

function drawView(
  context: CanvasRenderingContext2D,
  { view, size, colours }: MapPicture,
  outline: number[][],
): void {
  if (outline.length < 3) return;
  context.beginPath();
  for (const [x, y] of outline) context.lineTo(...toScreen(view, size, x ?? 0, y ?? 0));
  context.closePath();
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.1;
  context.fill();
  context.globalAlpha = 0.45;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
}

/** A way is drawn as curves through the middles of its pieces: smooth to the eye, while its places stay as measured. */
function trace(context: CanvasRenderingContext2D, { view, size }: MapPicture, part: readonly number[]): void {
  const at = (point: number): [number, number] =>
    toScreen(view, size, part[2 * point] ?? 0, part[2 * point + 1] ?? 0);
  const last = part.length / 2 - 1;
  context.beginPath();
  context.moveTo(...at(0));
  for (let point = 1; point < last; point++) {
    const [x, y] = at(point);
    const [nextX, nextY] = at(point + 1);
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  context.lineTo(...at(last));
}

function drawPath(context: CanvasRenderingContext2D, picture: MapPicture, path: Path): void {
  const part = partOf(path, picture.span);
  if (part.length === 0) return;
  const isLoud = standsOut(picture, path);
  const colour = path.identity > 0 ? identityColour(path.identity) : SINGLE_CAMERA_COLOUR;
  context.lineJoin = "round";
  context.lineCap = "round";
  trace(context, picture, part);
  if (isLoud) {
    context.lineWidth = 6;
    context.strokeStyle = picture.colours.body;
    context.stroke();
  }
  context.globalAlpha = isLoud ? 1 : picture.identity === null ? 0.65 : 0.2;
  context.lineWidth = isLoud ? 3.5 : 1.5;
  context.strokeStyle = colour;
  context.stroke();
  drawHead(context, picture, part, colour, isLoud);
  context.globalAlpha = 1;
}

/** Where it goes: a dot at its newest place, ringed where it stands out. */
function drawHead(
  context: CanvasRenderingContext2D,
  { view, size, colours }: MapPicture,
  part: readonly number[],
  colour: string,
  isLoud: boolean,
): void {
  const [x, y] = toScreen(view, size, part[part.length - 2] ?? 0, part[part.length - 1] ?? 0);
  context.beginPath();
  context.arc(x, y, isLoud ? 5 : 3, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  if (!isLoud) return;
  context.lineWidth = 1.5;
  context.strokeStyle = colours.text;
  context.stroke();
}

/** Dashed: between one camera and the next nobody saw it. */
function drawWays(context: CanvasRenderingContext2D, picture: MapPicture): void {
  const { view, size, colours, identity, paths } = picture;
  const own = paths.filter((path) => path.identity === identity);
  own.sort((a, b) => (a.times[0] ?? 0) - (b.times[0] ?? 0));
  context.setLineDash([5, 5]);
  context.lineWidth = 1.5;
  context.strokeStyle = colours.text;
  context.beginPath();
  own.slice(1).forEach((path, index) => {
    const before = own[index];
    if (!before) return;
    context.moveTo(...toScreen(view, size, ...placeAt(before, before.times[before.times.length - 1] ?? 0)));
    context.lineTo(...toScreen(view, size, ...placeAt(path, path.times[0] ?? 0)));
  });
  context.stroke();
  context.setLineDash([]);
}

function drawCamera(
  context: CanvasRenderingContext2D,
  { view, size, colours, names }: MapPicture,
  { camera, place }: Ground["cameras"][number],
): void {
  if (!place) return;
  const [x, y] = toScreen(view, size, place[0] ?? 0, place[1] ?? 0);
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fillStyle = colours.accent;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = colours.body;
  context.stroke();
  const name = names.get(camera) ?? "";
  context.font = "600 12px system-ui, sans-serif";
  context.textBaseline = "middle";
  const wide = context.measureText(name).width;
  const left = x + 9 + wide < size.width ? x + 9 : x - 9 - wide;
  context.lineWidth = 4;
  context.strokeText(name, left, y);
  context.fillStyle = colours.text;
  context.fillText(name, left, y);
}

function drawScaleBar(context: CanvasRenderingContext2D, { view, size, colours }: MapPicture): void {
  const metres = roundLength(BAR_PX / view.scale);
  const width = metres * view.scale;
  const [left, bottom] = [14, size.height - 16];
  context.fillStyle = colours.text;
  context.fillRect(left, bottom, width, 2);
  context.fillRect(left, bottom - 5, 1, 7);
  context.fillRect(left + width - 1, bottom - 5, 1, 7);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "bottom";
  context.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, left + 5, bottom - 2);
}

/** The path nearest to a point of the canvas, within reach; null for none. */
export function pathAt(
  { view, size, paths, span }: Pick<MapPicture, "view" | "size" | "paths" | "span">,
  px: number,
  py: number,
): Path | null {
  let best: Path | null = null;
  let nearest = 8;
  for (const path of paths) {
    const part = partOf(path, span);
    for (let point = 0; point + 1 < part.length; point += 2) {
      const off = distanceToPiece(view, size, part, point, px, py);
      if (off < nearest) [best, nearest] = [path, off];
    }
  }
  return best;
}

/** From a point of the canvas to the piece of a way that begins at `index`, pixels. */
function distanceToPiece(
  view: MapView,
  size: Size,
  part: readonly number[],
  index: number,
  px: number,
  py: number,
): number {
  const [x1, y1] = toScreen(view, size, part[index] ?? 0, part[index + 1] ?? 0);
  const [x2, y2] = toScreen(
    view,
    size,
    part[index + 2] ?? part[index] ?? 0,
    part[index + 3] ?? part[index + 1] ?? 0,
  );
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  const share = square > 0 ? Math.max(0, Math.min(1, ((px - x1) * dx + (py - y1) * dy) / square)) : 0;
  return Math.hypot(px - x1 - share * dx, py - y1 - share * dy);
}
