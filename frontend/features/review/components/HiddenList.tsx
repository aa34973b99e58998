import { Button, Skeleton } from "@mantine/core";
import { useMemo, useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { KeyCaps } from "@/components/KeyCaps";
import { ProblemState } from "@/components/ProblemState";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { sentenceOf } from "@/lib/api/problem";
import { shortMoment, spanWords } from "@/lib/format";
import { useLatest } from "@/lib/useLatest";
import { vehicleWord } from "@/lib/vehicle";
import { type Hidden, useHidden } from "../api/getHidden";
import { useTrackletEdits } from "../hooks/useTrackletEdits";
import classes from "./HiddenList.module.css";
import { TrackletPicture } from "./TrackletPictures";

interface Props {
  sceneId: number;
  /** The run that the scene shows. */
  runId: number;
  timeZone: string;
  mayShow: boolean;
  readTime: (seconds: number) => string;
  /** Look at the moment (scene seconds) in the camera's video. */
  onWatch: (camera: number, time: number) => void;
}

/** What people hid or called duplicates, and the way back: one key shows it again. */
export function HiddenList({ sceneId, runId, timeZone, mayShow, readTime, onWatch }: Props) {
  const hidden = useHidden(sceneId);
  const edit = useTrackletEdits(sceneId, () => {});
  const [at, setAt] = useState(0);
  const rows = (hidden.data?.pages.flatMap(({ results }) => results) ?? []) as Hidden[];
  const place = Math.min(at, Math.max(0, rows.length - 1));
  const showAgain = (row: Hidden | undefined): void => {
    if (row) edit.mutate({ run: runId, edits: [{ op: "unhide", tracklet: row.tracklet.id }] });
  };
  const watch = (row: Hidden | undefined): void =>
    row && onWatch(row.tracklet.camera.id, row.tracklet.start_s ?? 0);
  const busy = edit.isPending ? "the last one is being stored" : null;
  useHiddenActions(
    {
      move: (by) => setAt(Math.max(0, Math.min(rows.length - 1, place + by))),
      show: () => showAgain(rows[place]),
      watch: () => watch(rows[place]),
    },
    rows.length === 0 ? "nothing is hidden" : null,
    mayShow ? busy : "it takes the role analyst",
  );
  if (hidden.isError && !hidden.data)
    return <ProblemState error={hidden.error} onRetry={() => void hidden.refetch()} />;
  if (!hidden.data) return <Skeleton height={240} />;
  if (rows.length === 0)
    return (
      <EmptyState title="Nothing is hidden">
        Tracklets that somebody hides or calls duplicates, on a camera's page or in the review, appear here.
      </EmptyState>
    );
  return (
    <>
      {edit.error && (
        <p className={classes.problem} role="alert">
          {sentenceOf(edit.error)}
        </p>
      )}
      <ol className={classes.list} aria-label="Hidden tracklets, the last hidden first">
        {rows.map((row, index) => (
          <li
            key={row.tracklet.id}
            className={classes.row}
            data-tracklet={row.tracklet.id}
            aria-current={index === place || undefined}
          >
            <TrackletPicture tracklet={row.tracklet} />
            <Twin row={row} />
            <Facts row={row} timeZone={timeZone} readTime={readTime} />
            <span className={classes.buttons}>
              <Button
                size="compact-xs"
                variant="default"
                rightSection={index === place && <KeyCaps keys="w" />}
                onClick={() => watch(row)}
              >
                Watch
              </Button>
              {mayShow && (
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={edit.isPending}
                  rightSection={index === place && <KeyCaps keys="u" />}
                  onClick={() => showAgain(row)}
                >
                  Show again
                </Button>
              )}
            </span>
          </li>
        ))}
      </ol>
      {hidden.hasNextPage && (
        <Button
          variant="default"
          loading={hidden.isFetchingNextPage}
          onClick={() => void hidden.fetchNextPage()}
        >
          Those hidden before
        </Button>
      )}
    </>
  );
}

/** The picture of what a duplicate is a second box on. */
function Twin({ row: { of, tracklet } }: { row: Hidden }) {
  if (of === null) return <span className={classes.quiet}>hidden</span>;
  return (
    <span className={classes.twin}>
      duplicate of
      <img
        src={`/api/v1/tracklets/${of}/crops/0.jpg`}
        alt={`what T${tracklet.number} is a duplicate of`}
        loading="lazy"
      />
    </span>
  );
}

type FactsProps = Pick<Props, "timeZone" | "readTime"> & { row: Hidden };

function Facts({ row: { tracklet, operation }, timeZone, readTime }: FactsProps) {
  const { category, start_s, end_s } = tracklet;
  return (
    <span className={classes.facts}>
      <span>
        {vehicleWord(category)} · {readTime(start_s ?? 0)} · {spanWords((end_s ?? 0) - (start_s ?? 0))}
      </span>
      <span className={classes.quiet}>
        by {operation.actor}, {shortMoment(operation.at, new Date(), timeZone)}, operation #{operation.number}
      </span>
    </span>
  );
}

interface Commands {
  move(by: number): void;
  show(): void;
  watch(): void;
}

function useHiddenActions(commands: Commands, whyNone: string | null, whyNotShow: string | null): void {
  const now = useLatest(commands);
  useActions(
    useMemo<Action[]>(() => {
      const act = (
        id: string,
        title: string,
        keys: string,
        unavailable: string | null,
        perform: () => void,
      ) => ({
        id: `hidden-${id}`,
        title,
        group: "Hidden",
        keys,
        oncePerPress: id === "show",
        unavailable,
        perform,
      });
      return [
        act("next", "Next one", "arrowdown,j", whyNone, () => now().move(1)),
        act("previous", "One before", "arrowup,k", whyNone, () => now().move(-1)),
        act("show", "Show it again", "u", whyNone ?? whyNotShow, () => now().show()),
        act("watch", "Watch it in its camera", "w", whyNone, () => now().watch()),
      ];
    }, [now, whyNone, whyNotShow]),
  );
}
