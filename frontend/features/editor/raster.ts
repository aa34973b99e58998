/** Outlines written as pixels: thousands of them take a canvas longer than a picture of the screen lasts, this a tenth of it. */

/** A picture row by row, a word a pixel: alpha, blue, green, red from the highest byte, as canvases have them in memory. */
export interface Pixels {
  readonly words: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Whole pixels; right and bottom exclusive. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The word of "#rrggbb". */
export function wordOf(colour: string, alpha = 1): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** A line of `thickness` pixels along the edge of `area`, the odd one inside. What is outside of the picture is left out. */
export function writeOutline(
  pixels: Pixels,
  { left, top, right, bottom }: Area,
  thickness: number,
  word: number,
): void {
  const outside = thickness >> 1;
  const inside = thickness - outside;
  const [outerLeft, outerRight] = [left - outside, right + outside];
  const upper = top + inside;
  const lower = Math.max(upper, bottom - inside);
  fill(pixels, outerLeft, top - outside, outerRight, upper, word);
  fill(pixels, outerLeft, lower, outerRight, bottom + outside, word);
  fill(pixels, outerLeft, upper, left + inside, lower, word);
  fill(pixels, right - inside, upper, outerRight, lower, word);
}

function fill(
  { words, width, height }: Pixels,
  left: number,
  top: number,
  right: number,
  bottom: number,
  word: number,
): void {
  const [from, to] = [Math.max(0, left), Math.min(width, right)];
  const end = Math.min(height, bottom);
  for (let row = Math.max(0, top); row < end; row++) {
    const start = row * width;
    for (let at = start + from; at < start + to; at++) words[at] = word;
  }
}

/** The pixels of a canvas, in memory that is kept from one drawing to the next. */
export class Raster {
  private image: ImageData | null = null;

  /** What `write` writes on empty pixels takes the place of all that is on the canvas. */
  draw(context: CanvasRenderingContext2D, write: (pixels: Pixels) => void): void {
    const { width, height } = context.canvas;
    // A place on screen that was folded away has no pixels, and browsers refuse pictures of none.
    if (width === 0 || height === 0) return;
    if (this.image?.width !== width || this.image.height !== height)
      this.image = new ImageData(width, height);
    const words = new Uint32Array(this.image.data.buffer);
    words.fill(0);
    write({ words, width, height });
    context.putImageData(this.image, 0, 0);
  }
}
