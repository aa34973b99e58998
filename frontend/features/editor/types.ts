/** What the camera page edits: the tracklets of one video. Boxes are in video pixels, right and bottom exclusive. */

import type { Read } from "@/lib/vehicle";

export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** First and last frame of a stretch without gaps, both included. */
export type Span = readonly [first: number, last: number];

/** One tracklet without its boxes. An edit that the server does not have yet gives negative ids. */
export interface Track {
  readonly id: number;
  /** What people call it: T7; null while the server has not numbered it. */
  readonly number: number | null;
  readonly identity: number | null;
  /** In how many cameras that identity was seen. */
  readonly cameras: number;
  /** Whether people made or changed it. */
  readonly human: boolean;
  readonly category: number;
  readonly colour: string;
  /** What the network read of it; null for what it did not see. */
  readonly machine: Read | null;
  readonly note: string;
  readonly spans: readonly Span[];
  /** Where its best picture is. */
  readonly picture: string | null;
}

/** A tracklet's boxes in a window of frames: `boxes` holds four numbers a frame. */
export interface Piece {
  readonly frames: Int32Array;
  readonly boxes: Float32Array;
}

export type Pieces = ReadonlyMap<number, Piece>;

export interface TrackBox {
  readonly track: number;
  readonly box: Box;
}

export function firstFrame(track: Track): number {
  return track.spans[0]?.[0] ?? 0;
}

export function lastFrame(track: Track): number {
  return track.spans.at(-1)?.[1] ?? 0;
}

export function trackName({ number }: Track): string {
  return number === null ? "new" : `T${number}`;
}
