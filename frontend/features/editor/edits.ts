/** Edits of tracklets, as they are sent, and what each does to the tracklets on the page before the server has answered. */
import { boxOf, entriesOf, interpolated, merged, piece, sliced } from "./pieces";
import { cut, joined, without } from "./spans";
import type { Box, Piece, Pieces, Span, Track } from "./types";

export interface Key {
  readonly frame: number;
  readonly box: Box;
}

/** `id`: under which the page knows the new tracklet until the server has named it. */
export type Edit =
  | {
      readonly op: "create";
      readonly id: number;
      readonly video: number;
      readonly category: number;
      readonly keys: readonly Key[];
    }
  | { readonly op: "split"; readonly id: number; readonly tracklet: number; readonly frame: number }
  | { readonly op: "swap"; readonly tracklet: number; readonly other: number; readonly frame: number }
  | {
      readonly op: "trim";
      readonly tracklet: number;
      readonly first_frame?: number;
      readonly last_frame?: number;
    }
  | { readonly op: "hide"; readonly tracklet: number }
  | { readonly op: "duplicate"; readonly tracklet: number; readonly of: number }
  | {
      readonly op: "boxes";
      readonly tracklet: number;
      readonly boxes: readonly { frame: number; box: Box | null }[];
    }
  | {
      readonly op: "interpolate";
      readonly tracklet: number;
      readonly first_frame: number;
      readonly last_frame: number;
    }
  | {
      readonly op: "attributes";
      readonly tracklet: number;
      readonly category?: number;
      readonly colour?: string;
      readonly note?: string;
    }
  | { readonly op: "move"; readonly tracklet: number; readonly number: number | null };

const END = Number.MAX_SAFE_INTEGER;

/** The tracklets that an edit is about, as they are called on the page. */
export function subjects(edit: Edit): number[] {
  if (edit.op === "create") return [];
  if (edit.op === "swap") return [edit.tracklet, edit.other];
  return edit.op === "duplicate" ? [edit.tracklet, edit.of] : [edit.tracklet];
}

/** The tracklets that it leaves, in the order in which the server lists what became of them. */
export function results(edit: Edit): number[] {
  if (edit.op === "create") return [edit.id];
  if (edit.op === "split") return [edit.tracklet, edit.id];
  return edit.op === "hide" || edit.op === "duplicate" ? [] : subjects(edit);
}

/** The same edit with its tracklets called otherwise. */
export function renamed(edit: Edit, name: (id: number) => number): Edit {
  const changed = "tracklet" in edit ? { ...edit, tracklet: name(edit.tracklet) } : edit;
  if (changed.op === "swap") return { ...changed, other: name(changed.other) };
  return changed.op === "duplicate" ? { ...changed, of: name(changed.of) } : changed;
}

/** The list of tracklets after an edit. */
export function appliedToTracks(tracks: readonly Track[], edit: Edit): readonly Track[] {
  if (edit.op === "create") return [...tracks, drawn(edit)];
  if (edit.op === "hide" || edit.op === "duplicate") return tracks.filter(({ id }) => id !== edit.tracklet);
  if (edit.op === "swap") return swappedTracks(tracks, edit.tracklet, edit.other, edit.frame);
  return tracks.flatMap((track) =>
    track.id === edit.tracklet ? changedTrack(track, edit, tracks) : [track],
  );
}

type OfOne = Exclude<Edit, { op: "create" | "hide" | "duplicate" | "swap" }>;

function changedTrack(track: Track, edit: OfOne, tracks: readonly Track[]): Track[] {
  const made = { ...track, human: true };
  switch (edit.op) {
    case "split": {
      const rest = cut(track.spans, edit.frame, END);
      return [
        { ...made, spans: cut(track.spans, 0, edit.frame - 1) },
        { ...made, id: edit.id, number: null, spans: rest },
      ];
    }
    case "trim":
      return [{ ...made, spans: cut(track.spans, edit.first_frame ?? 0, edit.last_frame ?? END) }];
    case "interpolate":
      return [{ ...made, spans: joined(track.spans, [[edit.first_frame, edit.last_frame]]) }];
    case "boxes":
      return [{ ...made, spans: edit.boxes.reduce(withBox, track.spans) }];
    case "attributes":
      return [{ ...made, ...attributesOf(edit), machine: readAfter(track, edit.category) }];
    case "move":
      return [{ ...track, identity: edit.number, cameras: camerasOf(edit.number, tracks) }];
  }
}

function attributesOf({ category, colour, note }: Extract<Edit, { op: "attributes" }>): Partial<Track> {
  return {
    ...(category === undefined ? {} : { category }),
    ...(colour === undefined ? {} : { colour }),
    ...(note === undefined ? {} : { note }),
  };
}

/** What the network read: no type beside another category that people set. */
function readAfter({ category, machine }: Track, set: number | undefined): Track["machine"] {
  if (!machine || set === undefined || set === category) return machine;
  return { ...machine, type: "", type_chance: null };
}

function camerasOf(identity: number | null, tracks: readonly Track[]): number {
  return tracks.find((track) => track.identity === identity)?.cameras ?? 1;
}

function withBox(
  spans: readonly Span[],
  { frame, box }: { frame: number; box: Box | null },
): readonly Span[] {
  return box ? joined(spans, [[frame, frame]]) : without(spans, frame);
}

function drawn({ id, category, keys }: Extract<Edit, { op: "create" }>): Track {
  const spans: Span[] = [[keys[0]?.frame ?? 0, keys.at(-1)?.frame ?? 0]];
  return {
    id,
    number: null,
    identity: null,
    cameras: 1,
    human: true,
    category,
    colour: "",
    machine: null,
    note: "",
    spans,
    picture: null,
  };
}

function swappedTracks(
  tracks: readonly Track[],
  one: number,
  other: number,
  frame: number,
): readonly Track[] {
  const spansOf = (id: number): readonly Span[] => tracks.find((track) => track.id === id)?.spans ?? [];
  const taking = (own: number, from: number): Span[] =>
    joined(cut(spansOf(own), 0, frame - 1), cut(spansOf(from), frame, END));
  return tracks.map((track) => {
    if (track.id === one) return { ...track, human: true, spans: taking(one, other) };
    return track.id === other ? { ...track, human: true, spans: taking(other, one) } : track;
  });
}

/** The boxes of a window after an edit. Frames outside of `first`..`last` are left out. */
export function appliedToPieces(pieces: Pieces, edit: Edit, first: number, last: number): Pieces {
  const after = new Map(pieces);
  const put = (id: number, boxes: Piece): void => {
    const inWindow = sliced(boxes, first, last);
    if (inWindow.frames.length > 0) after.set(id, inWindow);
    else after.delete(id);
  };
  if (edit.op === "create") {
    put(edit.id, piece(interpolated(edit.keys.map(({ frame, box }) => [frame, box] as const))));
    return after;
  }
  const own = pieces.get(edit.tracklet);
  if (edit.op === "swap") swapPieces(own, pieces.get(edit.other), edit, put);
  else if (own) changePiece(own, edit, put, after);
  else if (edit.op === "boxes") put(edit.tracklet, withBoxes(piece([]), edit.boxes));
  return after;
}

type Put = (id: number, boxes: Piece) => void;

function swapPieces(one = piece([]), other = piece([]), edit: Extract<Edit, { op: "swap" }>, put: Put): void {
  const taking = (own: Piece, from: Piece): Piece =>
    merged(sliced(own, 0, edit.frame - 1), sliced(from, edit.frame, END));
  put(edit.tracklet, taking(one, other));
  put(edit.other, taking(other, one));
}

function changePiece(
  own: Piece,
  edit: Exclude<Edit, { op: "create" | "swap" }>,
  put: Put,
  after: Map<number, Piece>,
) {
  switch (edit.op) {
    case "hide":
    case "duplicate":
      after.delete(edit.tracklet);
      return;
    case "split":
      put(edit.tracklet, sliced(own, 0, edit.frame - 1));
      put(edit.id, sliced(own, edit.frame, END));
      return;
    case "trim":
      put(edit.tracklet, sliced(own, edit.first_frame ?? 0, edit.last_frame ?? END));
      return;
    case "boxes":
      put(edit.tracklet, withBoxes(own, edit.boxes));
      return;
    case "interpolate":
      put(edit.tracklet, filledIn(own, edit.first_frame, edit.last_frame));
  }
}

function withBoxes(own: Piece, boxes: readonly { frame: number; box: Box | null }[]): Piece {
  const entries = new Map(entriesOf(own));
  for (const { frame, box } of boxes) {
    if (box) entries.set(frame, box);
    else entries.delete(frame);
  }
  return piece(entries);
}

/** Where an end lies in another window the server's answer shows the line; until then what is there stays. */
function filledIn(own: Piece, first: number, last: number): Piece {
  const [from, to] = [boxOf(own, first), boxOf(own, last)];
  if (!from || !to) return own;
  const line = piece(
    interpolated([
      [first, from],
      [last, to],
    ]),
  );
  return merged(own, line);
}
