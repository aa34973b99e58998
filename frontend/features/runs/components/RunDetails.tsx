import { Skeleton } from "@mantine/core";
import { ProblemState } from "@/components/ProblemState";
import { isUnderWay, useRun } from "../api/getRun";
import classes from "./RunDetails.module.css";
import { RunFacts } from "./RunFacts";
import { RunHeading } from "./RunHeading";
import { RunMatrix } from "./RunMatrix";
import { ScoreCard } from "./ScoreCard";

/** A run from its progress to its score. */
export function RunDetails({ runId, mayCancel }: { runId: number; mayCancel: boolean }) {
  const run = useRun(runId);
  if (run.isPending) return <Skeleton height={420} />;
  if (run.isError && !run.data) return <ProblemState error={run.error} onRetry={() => void run.refetch()} />;
  const { score, state } = run.data;
  return (
    <div className={classes.details}>
      <section className={classes.panel}>
        <RunHeading run={run.data} mayCancel={mayCancel} />
      </section>
      {score && (
        <section className={classes.panel}>
          <ScoreCard score={score} />
        </section>
      )}
      {!score && state === "succeeded" && (
        <section className={classes.panel}>
          <p className={classes.note}>This scene has no ground truth, so this run has no score.</p>
        </section>
      )}
      {!isUnderWay(state) && (
        <section className={classes.panel}>
          <RunFacts run={run.data} />
        </section>
      )}
      <section className={classes.panel}>
        <RunMatrix run={run.data} />
      </section>
    </div>
  );
}
