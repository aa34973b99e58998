import type { CanvasHTMLAttributes } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import type { BoxedVideo as Parts } from "../hooks/useBoxedVideo";
import classes from "./BoxedVideo.module.css";

interface Props {
  parts: Parts;
  video: PlayerVideo;
  label: string;
  /** Of the canvas, where it can be pointed at. */
  over?: CanvasHTMLAttributes<HTMLCanvasElement>;
  tracklet?: number;
}

/** The video and, over it, the canvas for its boxes. */
export function BoxedVideo({ parts, video, label, over, tracklet }: Props) {
  return (
    <figure ref={parts.figure} className={classes.picture} data-video={video.id} data-tracklet={tracklet}>
      <video
        ref={parts.player}
        className={classes.video}
        src={video.proxy_url}
        poster={video.poster_url ?? undefined}
        muted
        playsInline
        preload="auto"
        tabIndex={-1}
        aria-label={label}
      />
      <canvas ref={parts.canvas} className={classes.boxes} {...over} />
    </figure>
  );
}
