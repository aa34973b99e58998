import { useCallback, useEffect, useState } from "react";
import type { PlayerCamera } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { useTicking } from "@/lib/player/useClock";
import { WaitingVideos } from "@/lib/player/waiting";
import { usePlayerActions } from "../hooks/usePlayerActions";
import { useStep } from "../hooks/useStep";
import type { LaneBar } from "../lanes";
import { CameraGrid } from "./CameraGrid";
import { Lanes } from "./Lanes";
import classes from "./ScenePlayer.module.css";
import { TransportBar } from "./TransportBar";

interface Props {
  cameras: readonly PlayerCamera[];
  runId: number | null;
  clock: SceneClock;
  bars: readonly LaneBar[];
  readTime: (seconds: number) => string;
  selected: number | null;
  /** Identities of this many cameras or more stand out. */
  fewest: number;
  onSelect: (identity: number | null) => void;
  enlarged: number | null;
  onEnlarge: (camera: number | null) => void;
  /** Open a camera's tracklets, to look at them frame by frame and put them right. */
  onEdit: (camera: number) => void;
}

/** All cameras of a scene on one clock. */
export function ScenePlayer(props: Props) {
  const { cameras, clock, bars, readTime, selected, onSelect, enlarged, onEnlarge, onEdit } = props;
  const [waiting] = useState(() => new WaitingVideos(clock));
  const deselect = useCallback(() => onSelect(null), [onSelect]);
  const step = useStep(cameras, enlarged, clock);
  useTicking(clock);
  usePlayerActions({ clock, cameras, enlarged, onStep: step, onEnlarge, onEdit, onDeselect: deselect });
  useEffect(() => () => clock.pause(), [clock]);

  return (
    <div className={classes.player}>
      <CameraGrid {...props} waiting={waiting} />
      <div className={classes.transport}>
        <TransportBar clock={clock} readTime={readTime} onStep={step} />
        <Lanes
          cameras={cameras}
          bars={bars}
          clock={clock}
          readTime={readTime}
          selected={selected}
          onSelect={onSelect}
        />
      </div>
    </div>
  );
}
