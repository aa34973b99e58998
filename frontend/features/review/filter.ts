import type { Colour, VehicleType } from "@/lib/vehicle";

export type PairState = "contradiction" | "uncertain" | "likely_same" | "likely_different";

/** Which pairs a person wants to be asked about. */
export interface QueueFilter {
  readonly state: PairState | null;
  /** A way between two cameras. */
  readonly link: number | null;
  /** Both vehicles are seen by these; null: by any. */
  readonly cameras: readonly number[] | null;
  /** COCO category of one of the two at least. */
  readonly category: number | null;
  /** Type and colour of one of the two at least, as people say or else as the network reads them. */
  readonly type: VehicleType | null;
  readonly colour: Colour | null;
  /** Both are seen between these, seconds of scene time. */
  readonly from: number | null;
  readonly to: number | null;
  /** The machine's belief, 0 to 1. */
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

export const EVERYTHING: QueueFilter = {
  state: null,
  link: null,
  cameras: null,
  category: null,
  type: null,
  colour: null,
  from: null,
  to: null,
  atLeast: null,
  atMost: null,
};

export function isNarrowed(filter: QueueFilter): boolean {
  return Object.values(filter).some((value) => value !== null);
}
