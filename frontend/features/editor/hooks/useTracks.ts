import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { type BoxWindow, boxesQuery, WINDOW_FRAMES } from "../api/getBoxes";
import { usePassages } from "../api/getPassages";
import type { Edit } from "../edits";
import { type FrameIndex, frameIndex } from "../pieces";
import { pendingEdits, piecesAfter, tracksAfter } from "../trackEdit";
import type { Pieces, Track } from "../types";
import { useEditEntries } from "./useEdits";

const NONE: readonly Track[] = [];

/** The edits of a video on their way, the same list as long as they are the same. */
export function usePendingEdits(run: number | null, video: number): readonly Edit[] {
  const entries = useEditEntries();
  const edits = pendingEdits(entries, run, video);
  const key = JSON.stringify(edits);
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal edits are the same edits
  return useMemo(() => edits, [key]);
}

/** The tracklets of a video with what was just done to them. */
export function useTracks(run: number | null, video: number, edits: readonly Edit[]) {
  const passages = usePassages(run, video);
  const stored = passages.data ?? NONE;
  const tracks = useMemo(() => tracksAfter(stored, edits), [stored, edits]);
  return { tracks, query: passages };
}

export interface LoadedWindow {
  readonly pieces: Pieces;
  readonly byFrame: FrameIndex;
}

/** The windows of boxes around the frame on screen, by index, with what was just done to them. */
export function useBoxWindows(
  run: number | null,
  video: number,
  index: number,
  lastIndex: number,
  edits: readonly Edit[],
): ReadonlyMap<number, LoadedWindow> {
  const wanted = run === null ? [] : [index - 1, index, index + 1].filter((at) => at >= 0 && at <= lastIndex);
  const loaded = useQueries({
    queries: wanted.map((at) => boxesQuery(run ?? 0, video, at)),
    combine: (results) => results.map(({ data }) => data),
  });
  return useMemo(() => {
    const windows = loaded.filter((window): window is BoxWindow => window !== undefined);
    return new Map(windows.map((window) => [window.index, loadedWindow(window, edits)]));
  }, [loaded, edits]);
}

const indexed = new WeakMap<Pieces, LoadedWindow>();

/** A window that no edit touches is indexed once. */
function loadedWindow({ index, pieces }: BoxWindow, edits: readonly Edit[]): LoadedWindow {
  const first = index * WINDOW_FRAMES;
  const after = edits.length > 0 ? piecesAfter(pieces, edits, first, first + WINDOW_FRAMES - 1) : pieces;
  const known = indexed.get(after);
  if (known) return known;
  const made = { pieces: after, byFrame: frameIndex(after, first, WINDOW_FRAMES) };
  indexed.set(after, made);
  return made;
}
