import { Skeleton } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
import { ProblemState } from "@/components/ProblemState";
import type { Answer } from "../answers";
import { useStatistics } from "../api/getStatistics";
import type { LeaseAnswer } from "../api/leasePairs";
import { isNarrowed, type PairState, type QueueFilter } from "../filter";
import { useDecisions } from "../hooks/useDecisions";
import { useHeat } from "../hooks/useHeat";
import { useLook } from "../hooks/useLook";
import { useOthersEdits } from "../hooks/useOthersEdits";
import { usePairState } from "../hooks/usePairState";
import { usePrefetchedPictures } from "../hooks/usePrefetchedPictures";
import { useRecent } from "../hooks/useRecent";
import { useReviewActions, useUndoAction } from "../hooks/useReviewActions";
import { useReviewQueue } from "../hooks/useReviewQueue";
import { coming, pairKey } from "../queue";
import type { Side } from "../sides";
import type { Pair, PairTracklet } from "../types";
import { AnswerBar } from "./AnswerBar";
import { DoubtedSame, isDoubted } from "./DoubtedSame";
import { HeatLegend } from "./HeatLegend";
import { QueueEnd } from "./QueueEnd";
import { QueueSide } from "./QueueSide";
import { RecentList } from "./RecentList";
import classes from "./ReviewDesk.module.css";
import { TrackletSide } from "./TrackletSide";
import { UnsavedNotice } from "./UnsavedNotice";
import { WhyPanel } from "./WhyPanel";

/** Pairs whose pictures are fetched ahead, and those of them that are shown as next. */
const AHEAD = 4;
const SHOWN_AHEAD = 2;

export interface DeskProps {
  sceneId: number;
  filter: QueueFilter;
  onState: (state: PairState | null) => void;
  onClearFilter: () => void;
  /** Selects that narrow the queue. */
  filters: ReactNode;
  readTime: (seconds: number) => string;
  /** A tracklet's passage through its camera's video. */
  renderClip: (tracklet: PairTracklet, side: Side, run: number, playing: boolean) => ReactNode;
  /** Where and when the two tracklets and their identities were. */
  renderStrip: (pair: Pair, run: number) => ReactNode;
}

/** The review of pairs: one pair on screen, its answer under the thumb, the queue at the side. */
export function ReviewDesk(props: DeskProps) {
  const review = useReviewQueue(props.sceneId, props.filter);
  const { lease, queue } = review;
  usePrefetchedPictures(coming(queue, AHEAD));
  if (lease.isError && !lease.data)
    return <ProblemState error={lease.error} onRetry={() => void lease.refetch()} />;
  if (!lease.data) return <Skeleton className={classes.waiting} />;
  return <Leased {...props} {...review} leased={lease.data} />;
}

type LeasedProps = DeskProps & ReturnType<typeof useReviewQueue> & { leased: LeaseAnswer };

/** With pairs to decide. What stands beside them is asked for only now: the first pair does not wait for it. */
function Leased(props: LeasedProps) {
  const { sceneId, filter, onState, onClearFilter, filters, leased } = props;
  const { queue, pair, facts, decide, verdictOn, drop, move, bringBack } = props;
  const { person, outbox } = useDecisions();
  const { recent, newest, whyNoUndo, undo } = useRecent(sceneId, bringBack);
  const pace = useStatistics(sceneId).data?.find((one) => one.person.id === person)?.decisions_per_minute;
  useOthersEdits(sceneId, leased.revision);
  useUndoAction(() => newest && undo(newest), whyNoUndo);
  const { run } = leased;

  return (
    <div className={classes.desk}>
      <QueueSide
        sceneId={sceneId}
        state={leased}
        filter={filter}
        onState={onState}
        pace={pace ?? null}
        filters={filters}
        next={coming(queue, SHOWN_AHEAD)}
        onNext={move}
        recent={
          <RecentList recent={recent} next={newest} onUndo={undo} onDismiss={(key) => outbox.dismiss(key)} />
        }
      />
      <div className={classes.main}>
        <UnsavedNotice runId={run} />
        {pair && run !== null ? (
          <PairDesk
            {...props}
            pair={pair}
            facts={facts ?? pair}
            run={run}
            onDecide={decide}
            verdictOn={verdictOn}
            onMove={move}
            onDrop={drop}
          />
        ) : (
          <QueueEnd
            state={leased}
            isFiltered={isNarrowed(filter)}
            onClearFilter={onClearFilter}
            sceneId={sceneId}
          />
        )}
      </div>
    </div>
  );
}

interface PairDeskProps extends DeskProps {
  pair: Pair;
  /** The same pair as the server saw it last: others may have changed its identities meanwhile. */
  facts: Pair;
  run: number;
  onDecide: ReturnType<typeof useReviewQueue>["decide"];
  verdictOn: ReturnType<typeof useReviewQueue>["verdictOn"];
  onMove: (by: number) => void;
  /** The pair is none any more. */
  onDrop: () => void;
}

function PairDesk(props: PairDeskProps) {
  const { sceneId, pair, facts, run, readTime, renderClip, renderStrip } = props;
  const { onDecide, verdictOn, onMove, onDrop } = props;
  const name = pairKey(pair);
  const { state, change } = usePairState(name);
  const look = useLook();
  const heat = useHeat(run, pair, state, look.heat);
  const note = useRef<HTMLInputElement>(null);
  const { confidence, reason } = state;
  const [doubted, setDoubted] = useState<string | null>(null);
  const said = { confidence, reason: reason.trim() };
  const answer = (given: Answer): void => {
    if (given === "same" && isDoubted(facts)) setDoubted(name);
    else onDecide(given, said);
  };
  useReviewActions({
    answer,
    confidence: (sure) => change({ confidence: sure === confidence ? null : sure }),
    move: onMove,
    toggleFullFrame: look.toggleFullFrame,
    togglePlaying: look.togglePlaying,
    nextBrightness: look.nextBrightness,
    toggleHeat: look.toggleHeat,
    nextViews: () =>
      change({ left: nextView(state.left, pair.left), right: nextView(state.right, pair.right) }),
    writeNote: () => note.current?.focus(),
  });
  const side = (which: Side): ReactNode => (
    <TrackletSide
      side={which}
      tracklet={pair[which]}
      readTime={readTime}
      view={state[which]}
      onView={(view) => change({ [which]: view })}
      fullFrame={look.fullFrame}
      filter={look.filter}
      heat={heat?.maps?.[which] ?? null}
      clip={renderClip(pair[which], which, run, look.playing)}
    />
  );

  return (
    <>
      <div className={classes.pair} data-pair={name} data-full={look.fullFrame || undefined}>
        {side("left")}
        <WhyPanel pair={facts} heat={heat && <HeatLegend heat={heat} />} />
        {side("right")}
      </div>
      <AnswerBar
        onAnswer={answer}
        confidence={confidence}
        onConfidence={(sure) => change({ confidence: sure })}
        reason={reason}
        onReason={(text) => change({ reason: text })}
        reasonField={note}
      />
      {renderStrip(facts, run)}
      {doubted === name && (
        <DoubtedSame
          sceneId={sceneId}
          runId={run}
          pair={facts}
          verdict={verdictOn(pair, "same", said)}
          onDone={() => {
            setDoubted(null);
            onDrop();
          }}
          onAlone={() => {
            setDoubted(null);
            onDecide("same", said);
          }}
          onClose={() => setDoubted(null)}
        />
      )}
    </>
  );
}

function nextView(view: number, { crop_urls }: PairTracklet): number {
  return crop_urls.length > 0 ? (view + 1) % crop_urls.length : 0;
}
