/** What the player needs to know of a camera. */

export interface PlayerVideo {
  readonly id: number;
  readonly start_s: number;
  readonly duration_s: number;
  readonly width: number;
  readonly height: number;
  readonly proxy_url: string;
  readonly poster_url: string | null;
}

export interface PlayerCamera {
  readonly id: number;
  readonly name: string;
  readonly videos: readonly PlayerVideo[];
  /** Why there is nothing to see, if there is not. */
  readonly problem: string | null;
}

/** The video to show at scene time `time`: the one that covers it, else the nearest one. */
export function videoAt(camera: PlayerCamera, time: number): PlayerVideo | null {
  const distance = (video: PlayerVideo): number =>
    Math.max(video.start_s - time, time - (video.start_s + video.duration_s), 0);
  return camera.videos.reduce<PlayerVideo | null>(
    (best, video) => (best && distance(best) <= distance(video) ? best : video),
    null,
  );
}
