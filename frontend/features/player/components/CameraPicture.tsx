import { type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import type { SceneClock } from "@/lib/player/clock";
import { useFrameTimes } from "../api/getFrameTimes";
import type { PlayerVideo } from "../camera";
import { lookOf } from "../draw";
import { useFollow } from "../hooks/useFollow";
import { useOverlay } from "../hooks/useOverlay";
import { usePicture } from "../hooks/usePicture";
import { useTrackWindows } from "../hooks/useTrackWindows";
import { boxesAt, type TrackedBox, windowOf } from "../tracks";
import type { WaitingVideos } from "../waiting";
import classes from "./CameraPicture.module.css";

interface Props {
  name: string;
  video: PlayerVideo;
  runId: number | null;
  clock: SceneClock;
  waiting: WaitingVideos;
  selected: number | null;
  /** Identities of this many cameras or more stand out. */
  fewest: number;
  onSelect: (identity: number | null) => void;
  /** Told the frame on screen, for the camera's heading. */
  onFrame: (frame: number) => void;
}

/** A video with the boxes of exactly the frame that it shows. */
export function CameraPicture(props: Props) {
  const { name, video, runId, clock, waiting, selected, fewest, onSelect, onFrame } = props;
  const player = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const figure = useRef<HTMLElement>(null);
  const frameOnScreen = useRef<number | null>(null);
  const [windowIndex, setWindowIndex] = useState(0);
  const times = useFrameTimes(video.id).data;
  const lastWindow = windowOf(Math.max(0, (times?.length ?? 1) - 1));
  const windows = useTrackWindows(runId, video.id, windowIndex, lastWindow);
  const look = useCallback((box: TrackedBox) => lookOf(box, selected, fewest), [selected, fewest]);
  const overlay = useOverlay(canvas, video, look);

  const show = useCallback(
    (frame: number) => {
      frameOnScreen.current = frame;
      const boxes = boxesAt(windows, frame);
      overlay.draw(boxes ?? []);
      figure.current?.setAttribute("data-frame", String(frame));
      figure.current?.setAttribute("data-boxes", boxes ? String(boxes.length) : "loading");
      setWindowIndex(windowOf(frame));
      onFrame(frame);
    },
    [windows, overlay.draw, onFrame],
  );

  usePicture(player, times, show);
  useFollow(player, video, times, clock, waiting);
  useEffect(() => {
    if (frameOnScreen.current !== null) show(frameOnScreen.current);
  }, [show]);

  function choose(event: PointerEvent): void {
    const box = overlay.under(event);
    if (box?.identity != null) onSelect(box.identity === selected ? null : box.identity);
  }

  function point(event: PointerEvent<HTMLCanvasElement>): void {
    event.currentTarget.style.cursor = overlay.under(event)?.identity != null ? "pointer" : "default";
  }

  return (
    <figure ref={figure} className={classes.picture} data-video={video.id}>
      <video
        ref={player}
        className={classes.video}
        src={video.proxy_url}
        poster={video.poster_url ?? undefined}
        muted
        playsInline
        preload="auto"
        tabIndex={-1}
        aria-label={`Video of camera ${name}`}
      />
      <canvas
        ref={canvas}
        className={classes.boxes}
        onPointerDown={choose}
        onPointerMove={point}
        role="img"
        aria-label={`Vehicles in camera ${name}`}
      />
    </figure>
  );
}
