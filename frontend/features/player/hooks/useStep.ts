import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { registry } from "@/lib/actions/registry";
import { sentenceOf } from "@/lib/api/problem";
import { type PlayerCamera, videoAt } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { frameShownAt, middleOfFrame } from "@/lib/player/frames";
import { frameTimesQuery } from "@/lib/player/getFrameTimes";

/**
 * Step by frames of one camera (the enlarged one, else the first that is running): the others follow the clock. A step
 * before the camera's frame times have come is made when they come.
 */
export function useStep(cameras: readonly PlayerCamera[], enlarged: number | null, clock: SceneClock) {
  const queries = useQueryClient();
  return useCallback(
    (frames: number) => {
      clock.pause();
      const lead = leadingVideo(cameras, enlarged, clock.time);
      if (!lead) return;
      const step = (times: readonly number[]): void => {
        const frame = frameShownAt(times, clock.time - lead.start_s);
        const next = Math.max(0, Math.min(frame + frames, times.length - 1));
        // Beyond the first or last frame there is nothing to step to: the clock stays, at the very end too.
        if (next !== frame) clock.seek(lead.start_s + middleOfFrame(times, next));
      };
      const refused = (error: unknown): void => registry.tell(`There is no stepping: ${sentenceOf(error)}`);
      void queries.ensureQueryData(frameTimesQuery(lead.id)).then(step, refused);
    },
    [cameras, enlarged, clock, queries],
  );
}

function leadingVideo(cameras: readonly PlayerCamera[], enlarged: number | null, time: number) {
  const order = [...cameras].sort((a, b) => Number(b.id === enlarged) - Number(a.id === enlarged));
  const videos = order.map((camera) => videoAt(camera, time)).filter((video) => video !== null);
  return (
    videos.find((video) => time >= video.start_s && time <= video.start_s + video.duration_s) ?? videos[0]
  );
}
