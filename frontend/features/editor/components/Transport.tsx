import { SegmentedControl, TextInput } from "@mantine/core";
import { type RefObject, useState, useSyncExternalStore } from "react";
import { ActionButton } from "@/components/ActionButton";
import type { SceneClock } from "@/lib/player/clock";
import { frameShownAt } from "@/lib/player/frames";
import { useClockMode } from "@/lib/player/useClock";
import type { Transport as Playing, Target } from "../hooks/useTransport";
import { placeOf } from "../place";
import classes from "./CameraEditor.module.css";

const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

interface Props {
  transport: Playing;
  readFrame: (frame: number) => string;
  field: RefObject<HTMLInputElement | null>;
}

/** Play, step, speed, loop, and the frame: shown, and asked for. */
export function Transport({ transport, readFrame, field }: Props) {
  const { clock, frames, frameCount, loop } = transport;
  useClockMode(clock);
  const frame = useSyncExternalStore(frames.subscribe, frames.get);
  return (
    <div className={classes.transport}>
      <ActionButton action="track-back" icon="stepBack" />
      <ActionButton action="track-play" icon={clock.isPlaying ? "pause" : "play"} />
      <ActionButton action="track-on" icon="stepForward" />
      <ActionButton action="track-loop" icon="retry" pressed={loop !== null} />
      <span className={classes.frame} data-testid="frame">
        frame <strong>{frame}</strong> / {Math.max(0, frameCount - 1)} · {readFrame(frame)}
      </span>
      <GoTo onSeek={transport.seek} field={field} />
      <Speed clock={clock} />
    </div>
  );
}

function Speed({ clock }: { clock: SceneClock }) {
  return (
    <SegmentedControl
      className={classes.speed}
      size="xs"
      aria-label="Speed"
      value={String(clock.speed)}
      onChange={(value) => clock.setRate(Number(value))}
      data={SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
    />
  );
}

type GoToProps = Pick<Props, "field"> & { onSeek: (to: Target) => void };

function GoTo({ onSeek, field }: GoToProps) {
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const place = placeOf(text);
        setWrong(place === null);
        if (!place) return;
        onSeek("frame" in place ? place.frame : (times) => frameShownAt(times, place.seconds));
        setText("");
        field.current?.blur();
      }}
    >
      <TextInput
        ref={field}
        size="xs"
        w={128}
        aria-label="Go to a frame or time"
        placeholder="frame or m:ss (F)"
        error={isWrong}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
    </form>
  );
}
