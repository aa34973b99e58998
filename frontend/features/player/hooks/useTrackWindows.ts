import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { trackWindowQuery } from "../api/getTracks";
import type { TrackWindow } from "../tracks";

/** The windows of boxes around the frame on screen: the one it is in and the next, so that playing never waits. */
export function useTrackWindows(
  runId: number | null,
  videoId: number,
  index: number,
  lastIndex: number,
): ReadonlyMap<number, TrackWindow> {
  const wanted = runId === null ? [] : [index, index + 1].filter((at) => at <= lastIndex);
  const loaded = useQueries({
    queries: wanted.map((at) => trackWindowQuery(runId ?? 0, videoId, at)),
    combine: (results) => results.map((result) => result.data),
  });
  return useMemo(() => {
    const found = loaded.filter((window): window is TrackWindow => window !== undefined);
    return new Map(found.map((window) => [Math.floor(window.firstFrame / window.byFrame.length), window]));
  }, [loaded]);
}
