import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { Pieces } from "../types";

/** Frames whose boxes are asked for at once. */
export const WINDOW_FRAMES = 600;

export function windowOf(frame: number): number {
  return Math.floor(frame / WINDOW_FRAMES);
}

export function boxesKey(run: number | null, video: number): readonly unknown[] {
  return ["editor-boxes", run, video];
}

export interface BoxWindow {
  readonly index: number;
  readonly pieces: Pieces;
}

/** The boxes of frames `index * WINDOW_FRAMES` and on, by tracklet. */
export function boxesQuery(run: number, video: number, index: number) {
  const first = index * WINDOW_FRAMES;
  return queryOptions({
    queryKey: [...boxesKey(run, video), index],
    queryFn: async ({ signal }): Promise<BoxWindow> => {
      const query = { video, first_frame: first, last_frame: first + WINDOW_FRAMES - 1 };
      const params = { path: { run_id: run }, query };
      const { tracklets } = await answered(api.GET("/api/v1/runs/{run_id}/tracks", { params, signal }));
      const pieces = tracklets.map(
        ({ id, frames, boxes }) =>
          [id, { frames: Int32Array.from(frames), boxes: Float32Array.from(boxes.flat()) }] as const,
      );
      return { index, pieces: new Map(pieces) };
    },
    staleTime: 60_000,
    structuralSharing: false,
  });
}
