import { Select, Switch, TextInput } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useSyncExternalStore,
} from "react";
import { counted } from "@/lib/format";
import { ORDERS, type Order, type TrackFilter } from "../filter";
import type { FrameStore } from "../frameStore";
import type { Target } from "../hooks/useTransport";
import type { Track } from "../types";
import classes from "./TrackList.module.css";
import { TrackRow } from "./TrackRow";

const ROW_PX = 26;
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;
const orders = Object.entries(ORDERS).map(([value, label]) => ({ value, label }));

interface Props {
  /** Those that fit the filter, in its order. */
  tracks: readonly Track[];
  total: number;
  filter: TrackFilter;
  onFilter: (changes: Partial<TrackFilter>) => void;
  searchField: RefObject<HTMLInputElement | null>;
  frames: FrameStore;
  frameCount: number;
  onSeek: (to: Target) => void;
  selected: number | null;
  hovered: number | null;
  onChoose: (id: number) => void;
  onHover: (id: number | null) => void;
}

/** All tracklets of the video, each with its bar in time. Only the rows in view exist. */
export function TrackList(props: Props) {
  const { tracks, total, filter, frames, frameCount, onSeek } = props;
  return (
    <section className={classes.list} aria-label="Tracklets">
      <div className={classes.tools}>
        <TextInput
          ref={props.searchField}
          size="xs"
          w={210}
          aria-label="Search the tracklets"
          placeholder="T7, #12, bus, red, edited (/)"
          value={filter.words}
          onChange={(event) => props.onFilter({ words: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
          }}
        />
        <Select
          size="xs"
          w={150}
          aria-label="Order of the tracklets"
          data={orders}
          value={filter.order}
          onChange={(order) => order && props.onFilter({ order: order as Order })}
          allowDeselect={false}
        />
        <Switch
          size="xs"
          label="on this frame"
          checked={filter.onlyHere}
          onChange={(event) => props.onFilter({ onlyHere: event.currentTarget.checked })}
        />
        <span className={classes.count}>
          {tracks.length === total
            ? counted(total, "tracklet")
            : `${tracks.length} of ${counted(total, "tracklet")}`}
        </span>
      </div>
      <SeekRail frames={frames} frameCount={frameCount} onSeek={onSeek} />
      <Rows {...props} />
    </section>
  );
}

function Rows({ tracks, frames, frameCount, selected, hovered, onChoose, onHover }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: tracks.length,
    getScrollElement: () => area.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const at = tracks.findIndex(({ id }) => id === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [virtual, at]);

  function press(event: KeyboardEvent): void {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const next = tracks[Math.max(0, Math.min(at + by, tracks.length - 1))];
    if (!by || !next || event.altKey) return;
    event.preventDefault();
    onChoose(next.id);
  }

  if (tracks.length === 0) return <p className={classes.empty}>No tracklet fits. D draws one.</p>;
  return (
    <div
      ref={area}
      className={classes.scroll}
      role="listbox"
      tabIndex={0}
      aria-label="Tracklets of this video"
      aria-activedescendant={at >= 0 ? `track-${selected}` : undefined}
      onKeyDown={press}
    >
      <div style={{ height: virtual.getTotalSize(), position: "relative" }} role="presentation">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const track = tracks[index];
          if (!track) return null;
          return (
            <TrackRow
              key={track.id}
              track={track}
              frameCount={frameCount}
              top={start}
              height={ROW_PX}
              isSelected={track.id === selected}
              isHovered={track.id === hovered}
              onChoose={onChoose}
              onHover={onHover}
            />
          );
        })}
        <div className={classes.rail} aria-hidden="true">
          <Head frames={frames} frameCount={frameCount} />
        </div>
      </div>
    </div>
  );
}

function Head({ frames, frameCount }: { frames: FrameStore; frameCount: number }) {
  const frame = useSyncExternalStore(frames.subscribe, frames.get);
  return <div className={classes.head} style={{ left: `${(frame / Math.max(1, frameCount)) * 100}%` }} />;
}

type SeekProps = Pick<Props, "frames" | "frameCount" | "onSeek">;

/** The frames above the bars: press and drag to go there. */
function SeekRail({ frames, frameCount, onSeek }: SeekProps) {
  function seek(event: PointerEvent<HTMLDivElement>): void {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left) / width;
    onSeek((times) => share * times.length);
  }
  return (
    <div
      className={classes.seek}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event);
      }}
    >
      {TICKS.map((share) => (
        <span key={share} style={{ left: `${share * 100}%` }}>
          {Math.round(share * Math.max(0, frameCount - 1))}
        </span>
      ))}
      <Head frames={frames} frameCount={frameCount} />
    </div>
  );
}
