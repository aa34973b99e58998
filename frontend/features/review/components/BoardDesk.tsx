import { Skeleton } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ActionButton } from "@/components/ActionButton";
import { IdentityChip } from "@/components/IdentityChip";
import { ProblemState } from "@/components/ProblemState";
import { counted } from "@/lib/format";
import { impossible, restDifferent, toggled } from "../board";
import { isNarrowed, type PairState, type QueueFilter } from "../filter";
import { useBoardActions } from "../hooks/useBoardActions";
import { useBoards } from "../hooks/useBoards";
import { useDecisions } from "../hooks/useDecisions";
import { useOthersEdits } from "../hooks/useOthersEdits";
import { usePrefetchedCrops } from "../hooks/usePrefetchedPictures";
import { useRecent } from "../hooks/useRecent";
import { useUndoAction } from "../hooks/useReviewActions";
import classes from "./BoardDesk.module.css";
import { BoardGrid } from "./BoardGrid";
import { QueueEnd } from "./QueueEnd";
import { QueueSide } from "./QueueSide";
import { RecentList } from "./RecentList";
import desk from "./ReviewDesk.module.css";
import { UnsavedNotice } from "./UnsavedNotice";

interface Props {
  sceneId: number;
  filter: QueueFilter;
  onState: (state: PairState | null) => void;
  onClearFilter: () => void;
  filters: ReactNode;
  readTime: (seconds: number) => string;
}

const NONE = (): void => {};

/** One identity against everything that it may still be: mark with the number keys, store all marks at once. */
export function BoardDesk(props: Props) {
  const { sceneId, filter, onState, onClearFilter, filters, readTime } = props;
  const { outbox } = useDecisions();
  const { lease, board, next, marks, setMarks, skip, store } = useBoards(sceneId, filter);
  const { recent, newest, whyNoUndo, undo } = useRecent(sceneId, NONE);
  const [view, setView] = useState(0);
  useUndoAction(() => newest && undo(newest), whyNoUndo);
  useOthersEdits(sceneId, lease.data?.revision);
  usePrefetchedCrops([...(next?.tracklets ?? []), ...(next?.rivals ?? []).map(({ tracklet }) => tracklet)]);
  const clashes = board ? impossible(board, marks) : new Map<number, string>();
  const clash = board?.rivals.find(({ tracklet: { id } }) => marks[id] === "same" && clashes.has(id));
  const count = Object.keys(marks).length;
  const nothing = count === 0 ? "nothing is marked yet" : null;
  useBoardActions({
    count: board?.rivals.length ?? 0,
    whyNone: board ? null : lease.data ? "no identity is left to judge." : "the identity is still coming.",
    hindrance: clash ? `one is ${clashes.get(clash.tracklet.id)}` : nothing,
    toggle: (index) => {
      const rival = board?.rivals[index];
      if (rival) setMarks(toggled(marks, rival.tracklet.id));
    },
    restDifferent: () => board && setMarks(restDifferent(board, marks)),
    store,
    skip,
    nextViews: () => setView((now) => now + 1),
  });
  if (lease.isError && !lease.data)
    return <ProblemState error={lease.error} onRetry={() => void lease.refetch()} />;
  if (!lease.data) return <Skeleton className={desk.waiting} />;

  return (
    <div className={desk.desk}>
      <QueueSide
        sceneId={sceneId}
        state={lease.data}
        filter={filter}
        onState={onState}
        pace={null}
        filters={filters}
        next={[]}
        onNext={skip}
        recent={
          <RecentList recent={recent} next={newest} onUndo={undo} onDismiss={(key) => outbox.dismiss(key)} />
        }
      />
      <div className={desk.main}>
        <UnsavedNotice runId={lease.data.run} />
        {board ? (
          <>
            <header className={classes.head}>
              <h2 className={classes.title}>
                Identity <IdentityChip number={board.number} />
              </h2>
              <span className={classes.words}>
                {counted(board.tracklets.length, "tracklet")} against {counted(board.rivals.length, "other")}:
                which of them is the same vehicle?
              </span>
            </header>
            <BoardGrid
              board={board}
              marks={marks}
              clashes={clashes}
              view={view}
              onToggle={(id) => setMarks(toggled(marks, id))}
              readTime={readTime}
            />
            <section className={classes.bar} aria-label="Answer">
              <ActionButton action="board-rest" withKey />
              <ActionButton action="board-store" icon="check" withKey>
                {count > 0 ? `Store ${counted(count, "answer")}` : "Store the marks"}
              </ActionButton>
              <ActionButton action="board-skip" icon="arrow" withKey />
              {clash && (
                <span role="alert" className={classes.clash}>
                  #{clash.tracklet.identity.number} cannot be the same: {clashes.get(clash.tracklet.id)}.
                </span>
              )}
            </section>
          </>
        ) : (
          <QueueEnd
            state={lease.data}
            isFiltered={isNarrowed(filter)}
            onClearFilter={onClearFilter}
            sceneId={sceneId}
          />
        )}
      </div>
    </div>
  );
}
