/** Where the picture lies on the canvas, in CSS pixels: a picture point (x, y) is at (left + x * scale, top + y * scale). */
export interface Fit {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** The fit of a `width` x `height` picture in a `boxWidth` x `boxHeight` area, as `object-fit: contain` puts it. */
export function containFit(width: number, height: number, boxWidth: number, boxHeight: number): Fit {
  const scale = Math.min(boxWidth / width, boxHeight / height);
  return { scale, left: (boxWidth - width * scale) / 2, top: (boxHeight - height * scale) / 2 };
}
