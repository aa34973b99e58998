import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useFrameTimes } from "../api/getFrameTimes";
import type { PlayerVideo } from "../camera";
import { type Look, lookOf } from "../draw";
import { useLoop } from "../hooks/useLoop";
import { useOverlay } from "../hooks/useOverlay";
import { usePicture } from "../hooks/usePicture";
import { useTrackWindows } from "../hooks/useTrackWindows";
import { boxesAt, type TrackedBox, windowOf } from "../tracks";
import classes from "./CameraPicture.module.css";

interface Props {
  video: PlayerVideo;
  runId: number;
  tracklet: number;
  firstFrame: number;
  lastFrame: number;
  /** Stands on the tracklet's box. */
  mark: string;
  colour: string;
  playing: boolean;
  label: string;
}

const BOX_WIDTH = 2;

/** One tracklet's box in its colour, the others quiet. */
function lookAround(tracklet: number, colour: string, mark: string): (box: TrackedBox) => Look {
  return (box) =>
    box.tracklet === tracklet
      ? { colour, width: BOX_WIDTH, alpha: 1, label: mark }
      : lookOf({ ...box, identity: null }, null, 1);
}

/** One tracklet's passage through its camera, over and over, its box standing out among the others. */
export function LoopingClip(props: Props) {
  const { video, runId, tracklet, firstFrame, lastFrame, mark, colour, playing, label } = props;
  const player = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const figure = useRef<HTMLElement>(null);
  // null until the video has told its first picture: boxes are only ever drawn on the frame that they belong to.
  const frameOnScreen = useRef<number | null>(null);
  const [windowIndex, setWindowIndex] = useState(windowOf(firstFrame));
  const times = useFrameTimes(video.id).data;
  const windows = useTrackWindows(runId, video.id, windowIndex, windowOf(lastFrame));
  const look = useMemo(() => lookAround(tracklet, colour, mark), [tracklet, colour, mark]);
  const overlay = useOverlay(canvas, video, look);
  const goOn = useLoop(player, times, firstFrame, lastFrame, playing);

  const draw = useCallback(
    (frame: number) => {
      frameOnScreen.current = frame;
      const boxes = boxesAt(windows, frame);
      overlay.draw(boxes ?? []);
      figure.current?.setAttribute("data-frame", String(frame));
      figure.current?.setAttribute("data-boxes", boxes ? String(boxes.length) : "loading");
    },
    [windows, overlay.draw],
  );
  const show = useCallback(
    (frame: number) => {
      draw(frame);
      setWindowIndex(windowOf(frame));
      goOn(frame);
    },
    [draw, goOn],
  );
  usePicture(player, times, show);
  useEffect(() => {
    if (frameOnScreen.current !== null) draw(frameOnScreen.current);
  }, [draw]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another video starts without a picture
  useEffect(() => {
    frameOnScreen.current = null;
    figure.current?.removeAttribute("data-boxes");
    overlay.draw([]);
  }, [video.id]);
  useEffect(() => setWindowIndex(windowOf(firstFrame)), [firstFrame]);

  return (
    <figure ref={figure} className={classes.picture} data-video={video.id} data-tracklet={tracklet}>
      <video
        ref={player}
        className={classes.video}
        src={video.proxy_url}
        poster={video.poster_url ?? undefined}
        muted
        playsInline
        preload="auto"
        tabIndex={-1}
        aria-label={label}
      />
      <canvas ref={canvas} className={classes.boxes} />
    </figure>
  );
}
