/** The colours of heatmaps: what speaks for one vehicle in orange, what speaks against it in blue, strong ones thickly. */

export type Cells = readonly (readonly number[])[];

/** A picture's cells, and the strongest value of both pictures of the pair: their colours mean the same. */
export interface Heat {
  readonly cells: Cells;
  readonly strongest: number;
}

const FOR = [255, 138, 20] as const;
const AGAINST = [64, 136, 255] as const;
const THICKEST = 0.78;
/** Covering anything loses something: what matters little is shown thinner than it is. */
const CONTRAST = 1.5;

export function strongestOf(...maps: Cells[]): number {
  return Math.max(0, ...maps.flat(2).map(Math.abs));
}

/** RGBA of the cells, row by row. Where nothing matters nothing is coloured. */
export function heatPixels({ cells, strongest }: Heat): Uint8ClampedArray<ArrayBuffer> {
  const colours = cells.flat().flatMap((value) => {
    const share = strongest > 0 ? Math.abs(value) / strongest : 0;
    return [...(value < 0 ? AGAINST : FOR), Math.round(255 * THICKEST * share ** CONTRAST)];
  });
  return Uint8ClampedArray.from(colours);
}
