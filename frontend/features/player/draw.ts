/** Boxes and identity numbers on the canvas over a video. Boxes are in video pixels, right and bottom exclusive. */
import { identityColour, ON_IDENTITY_COLOUR, SINGLE_CAMERA_COLOUR } from "@/lib/identityColour";
import type { Fit } from "@/lib/player/fit";
import type { TrackedBox } from "./tracks";

export interface Look {
  readonly colour: string;
  readonly width: number;
  readonly alpha: number;
  readonly label: string | null;
}

/** Identities of `fewest` cameras or more stand out, the others stay quiet, a selection dims the rest. */
export function lookOf(box: TrackedBox, selected: number | null, fewest: number): Look {
  const isSelected = selected !== null && box.identity === selected;
  const standsOut = box.identity !== null && box.cameras >= fewest;
  const dimmed = selected !== null && !isSelected;
  return {
    colour:
      box.identity !== null && (standsOut || isSelected)
        ? identityColour(box.identity)
        : SINGLE_CAMERA_COLOUR,
    width: isSelected ? 3 : standsOut ? 2 : 1,
    alpha: dimmed ? 0.55 : standsOut || isSelected ? 1 : 0.8,
    label: box.identity !== null && (standsOut || isSelected) ? String(box.identity) : null,
  };
}

/** Draw the boxes of one frame; `fit` and the canvas are in CSS pixels, `density` device pixels each. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  boxes: readonly TrackedBox[],
  fit: Fit,
  look: (box: TrackedBox) => Look,
  density: number,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(density, 0, 0, density, 0, 0);
  const quietFirst = [...boxes].sort((a, b) => look(a).width - look(b).width);
  for (const box of quietFirst) drawBox(context, box, fit, look(box));
  context.globalAlpha = 1;
}

function drawBox(context: CanvasRenderingContext2D, box: TrackedBox, fit: Fit, look: Look): void {
  const [x1, y1, x2, y2] = box.box;
  const left = fit.left + x1 * fit.scale;
  const top = fit.top + y1 * fit.scale;
  const width = (x2 - x1) * fit.scale;
  const height = (y2 - y1) * fit.scale;
  context.globalAlpha = look.alpha;
  context.strokeStyle = "rgba(5, 8, 12, 0.55)";
  context.lineWidth = look.width + 2;
  context.strokeRect(left, top, width, height);
  context.strokeStyle = look.colour;
  context.lineWidth = look.width;
  context.strokeRect(left, top, width, height);
  if (look.label) drawLabel(context, look, left - look.width / 2, top, fit.top);
}

function drawLabel(
  context: CanvasRenderingContext2D,
  look: Look,
  left: number,
  top: number,
  ceiling: number,
): void {
  const height = 15;
  context.font = "600 11px system-ui, sans-serif";
  const width = context.measureText(look.label ?? "").width + 8;
  const y = top - height >= ceiling ? top - height : top;
  context.fillStyle = look.colour;
  context.fillRect(left, y, width, height);
  context.fillStyle = ON_IDENTITY_COLOUR;
  context.textBaseline = "middle";
  context.fillText(look.label ?? "", left + 4, y + height / 2 + 0.5);
}

/** The smallest box under a point of the canvas (CSS pixels): the nearest vehicle where boxes overlap is in front. */
export function boxAt(boxes: readonly TrackedBox[], fit: Fit, x: number, y: number): TrackedBox | null {
  const px = (x - fit.left) / fit.scale;
  const py = (y - fit.top) / fit.scale;
  const under = boxes.filter(({ box: [x1, y1, x2, y2] }) => px >= x1 && px < x2 && py >= y1 && py < y2);
  const area = ({ box: [x1, y1, x2, y2] }: TrackedBox): number => (x2 - x1) * (y2 - y1);
  return under.reduce<TrackedBox | null>((best, box) => (best && area(best) <= area(box) ? best : box), null);
}
