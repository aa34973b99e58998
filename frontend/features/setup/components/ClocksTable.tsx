import { Button } from "@mantine/core";
import { useState } from "react";
import type { Schemas } from "@/lib/api/client";
import { sceneTime } from "@/lib/format";
import { type ClockOffset, useShiftClock } from "../api/clocks";
import { offsetWords } from "../clockWords";
import { NumberField } from "./NumberField";
import { Refusal } from "./Refusal";
import classes from "./setup.module.css";

interface Props {
  scene: Schemas["Scene"];
  cameras: readonly Schemas["Camera"][];
  offsets: readonly ClockOffset[];
  mayChange: boolean;
  onReload: () => void;
}

const ORIGINS: Record<Schemas["Video"]["start_origin"], string> = {
  stated: "stated by a person or files",
  name: "from its name",
  header: "from its header",
  sequence: "assumed",
};

/** The cameras' clocks as they are set, and what confirmed matches say of them. */
export function ClocksTable({ scene, cameras, offsets, mayChange, onReload }: Props) {
  const shift = useShiftClock();
  const names = new Map(cameras.map(({ id, name }) => [id, name]));
  return (
    <div className={classes.reading}>
      <p className={classes.note}>
        When each camera begins on the scene's clock. A camera whose clock is off makes vehicles arrive too
        early or too late in all others; what people answered in Review shows by how much.
      </p>
      <table className={classes.table} aria-label="Clocks">
        <thead>
          <tr>
            <th>Camera</th>
            <th>Begins at</th>
            <th>How that is known</th>
          </tr>
        </thead>
        <tbody>
          {cameras.map(({ id, name, videos: [video] }) => (
            <tr key={id}>
              <td>{name}</td>
              <td>{video ? sceneTime(video.start_s, scene.starts_at, scene.time_zone) : "no video"}</td>
              <td>{video && ORIGINS[video.start_origin]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <section className={classes.reading} aria-label="What matches say">
        {offsets.length === 0 && (
          <p className={classes.note}>
            No match between two cameras has been confirmed yet: answer some pairs in Review.
          </p>
        )}
        {offsets.map((offset) => (
          <Suggestion
            // Set by the other clock too, or by new answers, it is another suggestion.
            key={`${offset.source} ${offset.target} ${offset.target_version} ${offset.offset_s}`}
            offset={offset}
            source={names.get(offset.source) ?? ""}
            target={names.get(offset.target) ?? ""}
            onShift={
              mayChange
                ? (seconds) =>
                    shift.mutate({ camera: offset.target, version: offset.target_version, seconds })
                : null
            }
            isBusy={shift.isPending}
          />
        ))}
      </section>
      <Refusal error={shift.error} onReload={onReload} />
      {mayChange && offsets.length > 0 && (
        <p className={classes.note}>
          Nothing is set by itself. A set clock moves all times of the camera in every run; joins stay as they
          are until the next run.
        </p>
      )}
    </div>
  );
}

interface SuggestionProps {
  offset: ClockOffset;
  source: string;
  target: string;
  onShift: ((seconds: number) => void) | null;
  isBusy: boolean;
}

function Suggestion({ offset, source, target, onShift, isBusy }: SuggestionProps) {
  const suggested = offset.offset_s === null ? null : -Math.round(offset.offset_s * 100) / 100;
  const [seconds, setSeconds] = useState<number | null>(suggested);
  return (
    <article>
      <p className={classes.good}>{offsetWords(offset, source, target)}</p>
      {onShift && (
        <div className={classes.buttons}>
          <NumberField
            width={96}
            decimals={2}
            value={seconds}
            label={`Seconds that ${target} is set later, earlier if negative`}
            onChange={setSeconds}
          />
          <Button
            size="compact-xs"
            variant="default"
            disabled={!seconds}
            loading={isBusy}
            onClick={() => seconds && onShift(seconds)}
          >
            Set {target}{" "}
            {seconds ? `${Math.abs(seconds)} s ${seconds < 0 ? "earlier" : "later"}` : "by these seconds"}
          </Button>
        </div>
      )}
    </article>
  );
}
