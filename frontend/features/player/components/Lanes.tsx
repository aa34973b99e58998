import { type KeyboardEvent, memo, type PointerEvent, useRef } from "react";
import { identityColour } from "@/lib/identityColour";
import type { PlayerCamera } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { useClockState } from "@/lib/player/useClock";
import { type LaneBar, placeBars } from "../lanes";
import classes from "./Lanes.module.css";

interface Props {
  cameras: readonly PlayerCamera[];
  bars: readonly LaneBar[];
  clock: SceneClock;
  readTime: (seconds: number) => string;
  selected: number | null;
  onSelect: (identity: number) => void;
}

/** The seek bar in scene time: one lane a camera, with the vehicles that several cameras saw. */
export function Lanes({ cameras, bars, clock, readTime, selected, onSelect }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const { duration } = clock.state();

  function timeAt(event: PointerEvent): number {
    const { left, width } = area.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return ((event.clientX - left) / width) * duration;
  }

  function grab(event: PointerEvent<HTMLDivElement>): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    const identity = event.target instanceof HTMLElement ? event.target.dataset.identity : undefined;
    if (identity) onSelect(Number(identity));
    clock.seek(timeAt(event));
  }

  function drag(event: PointerEvent<HTMLDivElement>): void {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) clock.seek(timeAt(event));
  }

  return (
    <div className={classes.lanes}>
      <div className={classes.names} aria-hidden="true">
        {cameras.map((camera) => (
          <span key={camera.id}>{camera.name}</span>
        ))}
      </div>
      <SeekArea clock={clock} readTime={readTime} area={area} onGrab={grab} onDrag={drag}>
        <Bars cameras={cameras} bars={bars} duration={duration} selected={selected} />
      </SeekArea>
    </div>
  );
}

interface SeekProps {
  clock: SceneClock;
  readTime: (seconds: number) => string;
  area: React.RefObject<HTMLDivElement | null>;
  onGrab: (event: PointerEvent<HTMLDivElement>) => void;
  onDrag: (event: PointerEvent<HTMLDivElement>) => void;
  children: React.ReactNode;
}

const KEY_SECONDS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };

function SeekArea({ clock, readTime, area, onGrab, onDrag, children }: SeekProps) {
  const { time, duration } = useClockState(clock);

  function press(event: KeyboardEvent): void {
    const by = KEY_SECONDS[event.key];
    if (by !== undefined) clock.seek(clock.time + by);
    else if (event.key === "Home") clock.seek(0);
    else if (event.key === "End") clock.seek(duration);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={area}
      className={classes.area}
      role="slider"
      tabIndex={0}
      aria-label="Scene time"
      aria-valuemin={0}
      aria-valuemax={Math.round(duration * 10) / 10}
      aria-valuenow={Math.round(time * 10) / 10}
      aria-valuetext={readTime(time)}
      onPointerDown={onGrab}
      onPointerMove={onDrag}
      onKeyDown={press}
    >
      {children}
      <div className={classes.head} style={{ left: `${duration > 0 ? (time / duration) * 100 : 0}%` }} />
    </div>
  );
}

interface BarsProps {
  cameras: readonly PlayerCamera[];
  bars: readonly LaneBar[];
  duration: number;
  selected: number | null;
}

function span(start: number, end: number, duration: number): { left: string; width: string } {
  return { left: `${(start / duration) * 100}%`, width: `${((end - start) / duration) * 100}%` };
}

const Bars = memo(function Bars({ cameras, bars, duration, selected }: BarsProps) {
  if (duration <= 0) return null;
  return cameras.map((camera) => (
    <Lane
      key={camera.id}
      camera={camera}
      bars={bars.filter((bar) => bar.camera === camera.id)}
      duration={duration}
      selected={selected}
    />
  ));
});

const LANE_PX = 16;
const GAP_PX = 1;

type LaneProps = Omit<BarsProps, "cameras"> & { camera: PlayerCamera };

function Lane({ camera, bars, duration, selected }: LaneProps) {
  const placed = placeBars(bars);
  const height = LANE_PX / placed.rows;
  return (
    <div className={classes.lane}>
      {camera.videos.map(({ id, start_s, duration_s }) => (
        <div key={id} className={classes.recorded} style={span(start_s, start_s + duration_s, duration)} />
      ))}
      {placed.bars.map((bar) => (
        <div
          key={bar.key}
          className={classes.bar}
          data-identity={bar.identity}
          data-selected={bar.identity === selected || undefined}
          data-quiet={(selected !== null && bar.identity !== selected) || undefined}
          style={{
            ...span(bar.start_s, bar.end_s, duration),
            top: bar.row * height,
            height: height - GAP_PX,
            background: identityColour(bar.identity),
          }}
        />
      ))}
    </div>
  );
}
