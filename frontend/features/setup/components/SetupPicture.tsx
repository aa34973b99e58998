import { Slider } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { middleOfFrame } from "@/lib/player/frames";
import { useFrameTimes } from "@/lib/player/getFrameTimes";
import type { Point } from "../regionDraft";
import { Drawing } from "./Drawing";
import classes from "./SetupPicture.module.css";

export interface PictureVideo {
  readonly id: number;
  readonly proxy_url: string;
  readonly poster_url: string | null;
  readonly width: number;
  readonly height: number;
}

/** Which frame is looked at. */
export interface ChosenFrame {
  readonly frame: number;
  readonly onFrame: (frame: number) => void;
}

interface Props {
  video: PictureVideo;
  chosen: ChosenFrame;
  /** Told where the picture was clicked, in its pixels. */
  onPoint?: ((point: Point) => void) | undefined;
  /** Drawn over it in picture pixels; `unit` is how many of them a pixel of the screen is. */
  children: (unit: number) => ReactNode;
}

/** A frame of the video, chosen by its number, with a drawing over it. */
export function SetupPicture({ video, chosen, onPoint, children }: Props) {
  const { frame, onFrame } = chosen;
  const player = useRef<HTMLVideoElement>(null);
  const times = useFrameTimes(video.id).data;
  useEffect(() => {
    if (player.current && times) player.current.currentTime = middleOfFrame(times, frame);
  }, [times, frame]);

  return (
    <div className={classes.whole}>
      <Drawing
        width={video.width}
        height={video.height}
        label="Drawing over the picture"
        onPoint={onPoint}
        picture={
          <video
            ref={player}
            className={classes.video}
            src={video.proxy_url}
            poster={video.poster_url ?? undefined}
            muted
            playsInline
            preload="auto"
            tabIndex={-1}
            aria-label={`Frame ${frame}`}
          />
        }
      >
        {children}
      </Drawing>
      <div className={classes.frames}>
        <span className={classes.number}>Frame {frame}</span>
        <Slider
          className={classes.slider}
          size="sm"
          value={frame}
          onChange={onFrame}
          max={Math.max(0, (times?.length ?? 1) - 1)}
          label={null}
          thumbLabel="Frame"
        />
      </div>
    </div>
  );
}
