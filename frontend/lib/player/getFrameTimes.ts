import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** Presentation time of every frame of a video, seconds, the first is 0. They never change. */
export function useFrameTimes(videoId: number) {
  return useQuery(frameTimesQuery(videoId));
}

export function frameTimesQuery(videoId: number) {
  return queryOptions({
    queryKey: ["frame-times", videoId],
    queryFn: async ({ signal }) => {
      const path = { video_id: videoId };
      return (await answered(api.GET("/api/v1/videos/{video_id}/frame-times", { params: { path }, signal })))
        .times_s;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
