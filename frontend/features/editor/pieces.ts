/** Boxes of a window of frames, by tracklet for editing and by frame for drawing. */
import type { Box, Piece, Pieces, TrackBox } from "./types";

export function boxAtIndex(boxes: Float32Array, index: number): Box {
  const at = index * 4;
  return [boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0];
}

/** A piece of frames and boxes, sorted by frame. */
export function piece(entries: Iterable<readonly [number, Box]>): Piece {
  const sorted = [...entries].sort((a, b) => a[0] - b[0]);
  return {
    frames: Int32Array.from(sorted, ([frame]) => frame),
    boxes: Float32Array.from(sorted.flatMap(([, box]) => box)),
  };
}

export function entriesOf({ frames, boxes }: Piece): [number, Box][] {
  return Array.from(frames, (frame, index) => [frame, boxAtIndex(boxes, index)]);
}

/** The box of exactly `frame`. */
export function boxOf(one: Piece | undefined, frame: number): Box | null {
  const index = one ? one.frames.indexOf(frame) : -1;
  return one && index >= 0 ? boxAtIndex(one.boxes, index) : null;
}

/** Frames `first`..`last` of a piece. */
export function sliced({ frames, boxes }: Piece, first: number, last: number): Piece {
  const start = frames.findIndex((frame) => frame >= first);
  if (start < 0) return { frames: new Int32Array(0), boxes: new Float32Array(0) };
  const after = frames.findIndex((frame) => frame > last);
  const end = after < 0 ? frames.length : after;
  return { frames: frames.slice(start, end), boxes: boxes.slice(start * 4, end * 4) };
}

/** Two pieces as one; where both have a frame the second counts. */
export function merged(one: Piece, other: Piece): Piece {
  return piece(new Map([...entriesOf(one), ...entriesOf(other)]));
}

/** Boxes on the straight lines between `keys`, on every frame from the first to the last of them. */
export function interpolated(keys: readonly (readonly [number, Box])[]): [number, Box][] {
  const result: [number, Box][] = [];
  keys.forEach(([frame, box], index) => {
    const next = keys[index + 1];
    result.push([frame, box]);
    if (!next) return;
    for (let at = frame + 1; at < next[0]; at++)
      result.push([at, between(box, next[1], (at - frame) / (next[0] - frame))]);
  });
  return result;
}

function between(from: Box, to: Box, share: number): Box {
  const mix = (index: 0 | 1 | 2 | 3): number => from[index] + (to[index] - from[index]) * share;
  return [mix(0), mix(1), mix(2), mix(3)];
}

/** The boxes of a window by frame, packed: those of frame `first + i` are `offsets[i]` to `offsets[i + 1]`. */
export interface FrameIndex {
  readonly first: number;
  readonly offsets: Int32Array;
  readonly tracks: Int32Array;
  readonly boxes: Float32Array;
}

/** The index of frames `first` .. `first + length - 1`. */
export function frameIndex(pieces: Pieces, first: number, length: number): FrameIndex {
  const offsets = new Int32Array(length + 1);
  for (const { frames } of pieces.values()) {
    for (const frame of frames) {
      const at = frame - first;
      if (at >= 0 && at < length) offsets[at + 1] = (offsets[at + 1] ?? 0) + 1;
    }
  }
  for (let at = 0; at < length; at++) offsets[at + 1] = (offsets[at + 1] ?? 0) + (offsets[at] ?? 0);
  const next = offsets.slice(0, length);
  const tracks = new Int32Array(offsets[length] ?? 0);
  const boxes = new Float32Array(tracks.length * 4);
  for (const [track, one] of pieces) fill(one, track, first, next, tracks, boxes);
  return { first, offsets, tracks, boxes };
}

function fill(
  one: Piece,
  track: number,
  first: number,
  next: Int32Array,
  tracks: Int32Array,
  boxes: Float32Array,
) {
  for (let index = 0; index < one.frames.length; index++) {
    const at = (one.frames[index] ?? 0) - first;
    const place = next[at];
    if (place === undefined) continue;
    tracks[place] = track;
    boxes.set(one.boxes.subarray(index * 4, index * 4 + 4), place * 4);
    next[at] = place + 1;
  }
}

/** The boxes of one frame; empty outside of the window. */
export function boxesOn({ first, offsets, tracks, boxes }: FrameIndex, frame: number): TrackBox[] {
  const start = offsets[frame - first] ?? 0;
  const end = offsets[frame - first + 1] ?? start;
  return Array.from({ length: end - start }, (_, index) => ({
    track: tracks[start + index] ?? 0,
    box: boxAtIndex(boxes, start + index),
  }));
}
