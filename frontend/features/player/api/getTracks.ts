import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import { byFrame, type TrackWindow, WINDOW_FRAMES } from "../tracks";

/** Boxes of one window of frames of a video, in one run; what people decide may change their identities. */
export function trackWindowQuery(runId: number, videoId: number, index: number) {
  const firstFrame = index * WINDOW_FRAMES;
  return queryOptions({
    queryKey: ["tracks", runId, videoId, index],
    queryFn: async ({ signal }): Promise<TrackWindow> => {
      const query = { video: videoId, first_frame: firstFrame, last_frame: firstFrame + WINDOW_FRAMES - 1 };
      const params = { path: { run_id: runId }, query };
      const window = await answered(api.GET("/api/v1/runs/{run_id}/tracks", { params, signal }));
      return byFrame(firstFrame, window.tracklets);
    },
    staleTime: 60_000,
  });
}
