import { Slider } from "@mantine/core";
import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { middleOfFrame } from "@/lib/player/frames";
import { useFrameTimes } from "@/lib/player/getFrameTimes";
import { useSize } from "@/lib/plot/canvas";
import type { Point } from "../regionDraft";
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
  const drawing = useRef<HTMLDivElement>(null);
  const { width } = useSize(drawing);
  const times = useFrameTimes(video.id).data;
  useEffect(() => {
    if (player.current && times) player.current.currentTime = middleOfFrame(times, frame);
  }, [times, frame]);
  const unit = width > 0 ? video.width / width : 1;

  function click(event: MouseEvent<SVGSVGElement>): void {
    const point = pictureButton(event) ? pointOf(event.currentTarget, event) : null;
    if (point) onPoint?.(point);
  }

  return (
    <div className={classes.whole}>
      <div
        ref={drawing}
        className={classes.picture}
        style={
          { aspectRatio: `${video.width} / ${video.height}`, "--ratio": video.width / video.height } as object
        }
      >
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
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: "Add a point" beside the picture does it by keys */}
        <svg
          className={classes.drawing}
          viewBox={`0 0 ${video.width} ${video.height}`}
          data-draws={onPoint ? true : undefined}
          role="group"
          aria-label="Drawing over the picture"
          onClick={click}
        >
          {children(unit)}
        </svg>
      </div>
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

function pictureButton({ button, defaultPrevented }: MouseEvent): boolean {
  return button === 0 && !defaultPrevented;
}

/** The place in the drawing's own units that an event is at. */
export function pointOf(
  drawing: SVGSVGElement,
  { clientX, clientY }: { clientX: number; clientY: number },
): Point | null {
  const matrix = drawing.getScreenCTM();
  if (!matrix) return null;
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
  return [x, y];
}
