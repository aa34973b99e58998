import { useCallback, useEffect, useMemo, useRef } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import { useLoop } from "@/lib/player/useLoop";
import { type Look, lookOf } from "../draw";
import { useBoxedVideo } from "../hooks/useBoxedVideo";
import type { TrackedBox } from "../tracks";
import { BoxedVideo } from "./BoxedVideo";

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
  const look = useMemo(() => lookAround(tracklet, colour, mark), [tracklet, colour, mark]);
  const goOn = useRef<(frame: number) => void>(() => {});
  const onFrame = useCallback((frame: number) => goOn.current(frame), []);
  const parts = useBoxedVideo({ video, runId, look, firstFrame, lastFrame, onFrame });
  const loop = useLoop(parts.player, parts.times, firstFrame, lastFrame, playing);
  useEffect(() => {
    goOn.current = loop;
  }, [loop]);
  return <BoxedVideo parts={parts} video={video} label={label} tracklet={tracklet} />;
}
