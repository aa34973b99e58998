import type { QueryClient } from "@tanstack/react-query";
import { readAgain } from "@/lib/api/readAgain";
import { type BoxWindow, boxesKey, WINDOW_FRAMES } from "./api/getBoxes";
import { ownOperationsKey } from "./api/getOwnOperations";
import { passagesKey } from "./api/getPassages";
import type { Operation } from "./api/sendEdit";
import { nameAfter, piecesAfter, type TrackEdit, tracksAfter } from "./trackEdit";
import type { Track } from "./types";
import { withNewest } from "./undoing";

/** What shows tracklets or identities: read again when an edit is stored or taken back. */
const SHOWS_TRACKLETS = new Set([
  "passages",
  "editor-boxes",
  "tracks",
  "operations",
  "identities",
  "identity",
  "run",
  "runs",
  "review-state",
  "timeline",
]);

function readTrackletsAgain(queries: QueryClient): void {
  readAgain(queries, { predicate: ({ queryKey }) => SHOWS_TRACKLETS.has(String(queryKey[0])) });
}

/**
 * An edit is stored: what the page keeps of the video becomes what the edit made of it, under the server's ids, so
 * that nothing jumps while it is read again.
 */
export function noteEdited(
  queries: QueryClient,
  { run, video, edits }: TrackEdit,
  names: ReadonlyMap<number, number>,
): void {
  const name = nameAfter(names);
  queries.setQueryData<readonly Track[]>(passagesKey(run, video), (tracks) =>
    tracks ? tracksAfter(tracks, edits).map((track) => ({ ...track, id: name(track.id) })) : tracks,
  );
  queries.setQueriesData<BoxWindow>({ queryKey: boxesKey(run, video) }, (window) => {
    if (!window) return window;
    const first = window.index * WINDOW_FRAMES;
    const after = piecesAfter(window.pieces, edits, first, first + WINDOW_FRAMES - 1);
    return { ...window, pieces: new Map([...after].map(([id, piece]) => [name(id), piece])) };
  });
  readTrackletsAgain(queries);
}

/** Something is taken back: only the server knows what is there now. */
export function noteUndone(queries: QueryClient): void {
  readTrackletsAgain(queries);
}

/** An operation of one's own is stored: the next Ctrl-Z, however soon, goes on from there. */
export function noteOwn(queries: QueryClient, scene: number, person: number, operation: Operation): void {
  queries.setQueryData<Operation[]>(
    ownOperationsKey(scene, person),
    (operations) => operations && withNewest(operations, operation),
  );
}
