import { type PointerEvent, useCallback } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { useFollow } from "@/lib/player/useFollow";
import type { WaitingVideos } from "@/lib/player/waiting";
import { lookOf } from "../draw";
import { useBoxedVideo } from "../hooks/useBoxedVideo";
import type { TrackedBox } from "../tracks";
import { BoxedVideo } from "./BoxedVideo";

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

/** A camera's video at the scene clock; a click on a box selects its identity. */
export function CameraPicture(props: Props) {
  const { name, video, runId, clock, waiting, selected, fewest, onSelect, onFrame } = props;
  const look = useCallback((box: TrackedBox) => lookOf(box, selected, fewest), [selected, fewest]);
  const parts = useBoxedVideo({ video, runId, look, onFrame });
  useFollow(parts.player, video, parts.times, clock, waiting);

  function choose(event: PointerEvent): void {
    const box = parts.under(event);
    if (box?.identity != null) onSelect(box.identity === selected ? null : box.identity);
  }

  function point(event: PointerEvent<HTMLCanvasElement>): void {
    event.currentTarget.style.cursor = parts.under(event)?.identity != null ? "pointer" : "default";
  }

  return (
    <BoxedVideo
      parts={parts}
      video={video}
      label={`Video of camera ${name}`}
      over={{
        onPointerDown: choose,
        onPointerMove: point,
        role: "img",
        "aria-label": `Vehicles in camera ${name}`,
      }}
    />
  );
}
