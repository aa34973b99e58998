import type { Camera } from "@/features/scenes/api/getCameras";
import type { PlayerCamera, PlayerVideo } from "@/lib/player/camera";

type Video = Camera["videos"][number];

function playable(video: Video): PlayerVideo[] {
  const { id, proxy_url, poster_url, width, height, duration_s } = video;
  if (!proxy_url || !width || !height || duration_s == null) return [];
  return [{ id, proxy_url, poster_url, width, height, duration_s, start_s: video.start_s ?? 0 }];
}

function problemOf(videos: readonly Video[]): string | null {
  const failed = videos.find(({ state }) => state === "failed");
  if (failed) return failed.problem || `${failed.original_name} could not be read.`;
  return videos.some(({ state }) => state === "pending") ? "The video is being read." : null;
}

/** The cameras as the player needs them: the videos that can be shown, or why there are none. */
export function playerCameras(cameras: readonly Camera[]): PlayerCamera[] {
  return cameras.map(({ id, name, videos }) => ({
    id,
    name,
    videos: videos.flatMap(playable),
    problem: problemOf(videos),
  }));
}

/** Scene time at which the last video ends. */
export function sceneEnd(cameras: readonly PlayerCamera[]): number {
  return Math.max(
    0,
    ...cameras.flatMap(({ videos }) => videos.map((video) => video.start_s + video.duration_s)),
  );
}
