/** The colours of heatmaps: what speaks for one vehicle in orange, what speaks against it in blue, strong ones thickly. */

export type Cells = readonly (readonly number[])[];

/** A picture's cells, and the value that is coloured thickest: each picture shows what matters in it. */
export interface Heat {
  readonly cells: Cells;
  readonly strongest: number;
}

const FOR = [255, 138, 20] as const;
const AGAINST = [64, 136, 255] as const;
const THICKEST = 0.78;
/** A similarity that hangs on no part more than this is not coloured as if it did. */
const LEAST = 0.02;
/** Covering anything loses something: what matters little is shown thinner than it is. */
const CONTRAST = 1.5;

export function heatOf(cells: Cells): Heat {
  return { cells, strongest: Math.max(LEAST, ...cells.flat().map(Math.abs)) };
}

/** RGBA of the cells, row by row. Where nothing matters nothing is coloured. */
export function heatPixels({ cells, strongest }: Heat): Uint8ClampedArray<ArrayBuffer> {
  const colours = cells.flat().flatMap((value) => {
    const share = (Math.abs(value) / strongest) ** CONTRAST;
    return [...(value < 0 ? AGAINST : FOR), Math.round(255 * THICKEST * share)];
  });
  return Uint8ClampedArray.from(colours);
}
