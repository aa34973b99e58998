import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { frameShownAt, middleOfFrame } from "@/lib/player/frames";
import { FrameStore } from "../frameStore";
import { useShuttle } from "./useShuttle";

/** A stretch of frames that is played over and over. */
export interface Loop {
  readonly first: number;
  readonly last: number;
}

export interface Transport {
  readonly clock: SceneClock;
  readonly frames: FrameStore;
  /** The frame that one looks at: where the clock stands, or on screen while it plays. */
  readonly frameNow: () => number;
  readonly seek: (frame: number) => void;
  readonly step: (frames: number) => void;
  readonly toggle: () => void;
  readonly shuttle: ReturnType<typeof useShuttle>;
  readonly loop: Loop | null;
  readonly setLoop: (loop: Loop | null) => void;
  /** To be told every picture on screen. */
  readonly onFrame: (frame: number) => void;
  readonly frameCount: number;
}

/** Playing and stepping one video by its own frames. */
export function useTransport(
  clock: SceneClock,
  video: PlayerVideo,
  times: readonly number[] | undefined,
): Transport {
  const [frames] = useState(() => new FrameStore());
  const [loop, setLoop] = useState<Loop | null>(null);
  const looped = useRef<Loop | null>(null);
  useEffect(() => {
    looped.current = loop;
  }, [loop]);
  const frameCount = times?.length ?? 0;

  const frameNow = useCallback(
    () => (clock.isPlaying || !times ? frames.get() : frameShownAt(times, clock.time - video.start_s)),
    [clock, frames, times, video],
  );
  const go = useCallback(
    (frame: number) => {
      if (!times || times.length === 0) return;
      const within = Math.max(0, Math.min(Math.round(frame), times.length - 1));
      clock.seek(video.start_s + middleOfFrame(times, within));
    },
    [clock, times, video],
  );
  const backwards = useCallback((by: number) => go(frameNow() + by), [go, frameNow]);
  const shuttle = useShuttle(clock, backwards);
  const { release } = shuttle;
  const seek = useCallback(
    (frame: number) => {
      release();
      clock.pause();
      go(frame);
    },
    [clock, go, release],
  );
  const step = useCallback((by: number) => seek(frameNow() + by), [seek, frameNow]);
  const toggle = useCallback(() => {
    release();
    clock.toggle();
  }, [clock, release]);
  const onFrame = useCallback(
    (frame: number) => {
      frames.set(frame);
      const now = looped.current;
      if (now && clock.isPlaying && (frame >= now.last || frame < now.first)) go(now.first);
    },
    [frames, clock, go],
  );
  return useMemo(
    () => ({ clock, frames, frameNow, seek, step, toggle, shuttle, loop, setLoop, onFrame, frameCount }),
    [clock, frames, frameNow, seek, step, toggle, shuttle, loop, onFrame, frameCount],
  );
}
