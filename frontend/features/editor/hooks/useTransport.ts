import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { frameShownAt, middleOfFrame } from "@/lib/player/frames";
import { useWhenThere } from "@/lib/useWhenThere";
import { FrameStore } from "../frameStore";
import { useShuttle } from "./useShuttle";

/** A stretch of frames that is played over and over. */
export interface Loop {
  readonly first: number;
  readonly last: number;
}

/** A frame, or what finds it among the frame times. */
export type Target = number | ((times: readonly number[]) => number);

export interface Transport {
  readonly clock: SceneClock;
  readonly frames: FrameStore;
  /** The frame that one looks at: where the clock stands, or on screen while it plays. */
  readonly frameNow: () => number;
  /** Go to a frame and stand there; asked before the frame times have come, as soon as they come. */
  readonly seek: (to: Target) => void;
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

  const frameAmong = useCallback(
    (known: readonly number[] | undefined) =>
      clock.isPlaying || !known ? frames.get() : frameShownAt(known, clock.time - video.start_s),
    [clock, frames, video],
  );
  const frameNow = useCallback(() => frameAmong(times), [frameAmong, times]);
  const whenTimed = useWhenThere(times);
  const go = useCallback(
    (to: Target) =>
      whenTimed((known) => {
        if (known.length === 0) return;
        const frame = Math.round(typeof to === "number" ? to : to(known));
        clock.seek(video.start_s + middleOfFrame(known, Math.max(0, Math.min(frame, known.length - 1))));
      }),
    [clock, video, whenTimed],
  );
  const goOn = useCallback((by: number) => go((known) => frameAmong(known) + by), [frameAmong, go]);
  // On its way back the picture waits for the frame times: steps kept for later would come after whatever ends the way.
  const back = useCallback((by: number) => times && goOn(by), [goOn, times]);
  const shuttle = useShuttle(clock, back);
  const { release } = shuttle;
  const stand = useCallback(() => {
    release();
    clock.pause();
  }, [clock, release]);
  const seek = useCallback(
    (to: Target) => {
      stand();
      go(to);
    },
    [go, stand],
  );
  const step = useCallback(
    (by: number) => {
      stand();
      goOn(by);
    },
    [goOn, stand],
  );
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
