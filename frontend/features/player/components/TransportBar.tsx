import { ActionIcon, SegmentedControl, Tooltip } from "@mantine/core";
import { Icon, type IconName } from "@/components/Icon";
import type { SceneClock } from "@/lib/player/clock";
import { useClockState } from "@/lib/player/useClock";
import classes from "./TransportBar.module.css";

export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

interface Props {
  clock: SceneClock;
  /** Scene time as the scene's people read it. */
  readTime: (seconds: number) => string;
  onStep: (frames: number) => void;
}

function Tool({ label, icon, onClick }: { label: string; icon: IconName; onClick: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" onClick={onClick} aria-label={label}>
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  );
}

/** Play, step and speed for all cameras at once. */
export function TransportBar({ clock, readTime, onStep }: Props) {
  const { time, playing, rate, duration } = useClockState(clock);
  return (
    <div className={classes.bar}>
      <Tool label="One frame back (←)" icon="stepBack" onClick={() => onStep(-1)} />
      <Tool
        label={playing ? "Pause (Space)" : "Play (Space)"}
        icon={playing ? "pause" : "play"}
        onClick={() => clock.toggle()}
      />
      <Tool label="One frame on (→)" icon="stepForward" onClick={() => onStep(1)} />
      <span className={classes.time} data-testid="scene-time">
        <strong>{readTime(time)}</strong> / {readTime(duration)}
      </span>
      <SegmentedControl
        className={classes.speed}
        size="xs"
        aria-label="Speed"
        value={String(rate)}
        onChange={(value) => clock.setRate(Number(value))}
        data={SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
      />
    </div>
  );
}
