import { VisuallyHidden } from "@mantine/core";
import { memo } from "react";
import { IdentityChip } from "@/components/IdentityChip";
import { identityColour, SINGLE_CAMERA_COLOUR } from "@/lib/identityColour";
import { vehicleWords } from "@/lib/vehicle";
import { firstFrame, lastFrame, type Track, trackName } from "../types";
import classes from "./TrackList.module.css";

/** More stretches than this are thinner than a pixel: one bar says it. */
const MOST_BARS = 60;

interface Props {
  track: Track;
  frameCount: number;
  top: number;
  height: number;
  isSelected: boolean;
  isHovered: boolean;
  onChoose: (id: number) => void;
  onHover: (id: number | null) => void;
}

/** One tracklet: whose it is, what it is, when it is there, and where it has gaps. */
export const TrackRow = memo(function TrackRow(props: Props) {
  const { track, frameCount, top, height, isSelected, isHovered, onChoose, onHover } = props;
  const words = vehicleWords(track);
  const frames = `${firstFrame(track)}–${lastFrame(track)}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and the keys
    <div
      id={`track-${track.id}`}
      role="option"
      aria-selected={isSelected}
      className={classes.row}
      style={{ top, height }}
      data-hovered={isHovered || undefined}
      onClick={() => onChoose(track.id)}
      onPointerEnter={() => onHover(track.id)}
      onPointerLeave={() => onHover(null)}
    >
      <VisuallyHidden>identity {track.identity === null && "none"}</VisuallyHidden>
      {track.identity === null ? <span /> : <IdentityChip number={track.identity} />}
      <span>{trackName(track)}</span>
      <span className={classes.quiet} title={track.note || undefined}>
        {words}
        {track.human && " ✎"}
      </span>
      <span className={classes.quiet}>
        <VisuallyHidden>frames</VisuallyHidden> {frames}
      </span>
      <Bars track={track} frameCount={frameCount} />
    </div>
  );
});

function Bars({ track, frameCount }: { track: Track; frameCount: number }) {
  const share = (frames: number): string => `${(frames / Math.max(1, frameCount)) * 100}%`;
  const first = firstFrame(track);
  const last = lastFrame(track);
  const colour = track.identity === null ? SINGLE_CAMERA_COLOUR : identityColour(track.identity);
  const spans = track.spans.length > MOST_BARS ? [[first, last] as const] : track.spans;
  return (
    <div className={classes.bars} aria-hidden="true">
      <div className={classes.gap} style={{ left: share(first), width: share(last - first + 1) }} />
      {spans.map(([from, to]) => (
        <div
          key={from}
          className={classes.bar}
          style={{ left: share(from), width: share(to - from + 1), background: colour }}
        />
      ))}
    </div>
  );
}
