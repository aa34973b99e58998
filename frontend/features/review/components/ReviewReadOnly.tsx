import { Skeleton } from "@mantine/core";
import { Bar } from "@/components/Bar";
import { EmptyState } from "@/components/EmptyState";
import { ProblemState } from "@/components/ProblemState";
import { counted } from "@/lib/format";
import { useReviewState } from "../api/getReviewState";
import { COUNTS, KINDS } from "./PairMark";
import classes from "./ReviewReadOnly.module.css";

/** For those who look on: how far the review is, without holding a pair. */
export function ReviewReadOnly({ sceneId }: { sceneId: number }) {
  const review = useReviewState(sceneId);
  if (review.isError && !review.data)
    return <ProblemState error={review.error} onRetry={() => void review.refetch()} />;
  if (!review.data) return <Skeleton height={240} m={16} />;
  const { run, work_left, decided, counts } = review.data;
  if (run === null)
    return (
      <EmptyState title="No run has finished">Pairs to review appear when a run has finished.</EmptyState>
    );
  return (
    <section className={classes.page}>
      <h2 className={classes.title}>How far the review is</h2>
      <p className={classes.words}>
        {counted(decided, "decision")} made, about {work_left.toLocaleString("en")} left.
      </p>
      <Bar fraction={decided / Math.max(1, decided + work_left)} label="Decided" />
      <dl className={classes.counts}>
        {COUNTS.map(([state, name]) => (
          <div key={state}>
            <dt>
              <span aria-hidden="true">{KINDS[state].mark}</span> {KINDS[state].word}
            </dt>
            <dd>{counts[name].toLocaleString("en")}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.words}>
        Deciding takes the role of an analyst; a manager of the scene can give it to you.
      </p>
    </section>
  );
}
