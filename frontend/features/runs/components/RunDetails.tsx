import { Select, Skeleton } from "@mantine/core";
import { ProblemState } from "@/components/ProblemState";
import { isUnderWay, type Run, useRun } from "../api/getRun";
import type { RunSummary } from "../api/getRuns";
import { RunComparison } from "./RunComparison";
import classes from "./RunDetails.module.css";
import { RunFacts } from "./RunFacts";
import { RunHeading } from "./RunHeading";
import { RunMatrix } from "./RunMatrix";
import { ScoreCard } from "./ScoreCard";

interface Beside {
  /** The scene's runs that may be put beside this one. */
  runs: readonly RunSummary[];
  /** The one that is; null: none. */
  chosen: number | null;
  onChoose: (run: number | null) => void;
  /** Names by id. */
  cameras: ReadonlyMap<number, string>;
}

interface Props {
  runId: number;
  mayCancel: boolean;
  beside: Beside;
}

/** A run from its progress to its score, and beside another one. */
export function RunDetails({ runId, mayCancel, beside }: Props) {
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
      {state === "succeeded" && <Comparison run={run.data} beside={beside} />}
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

function Comparison({ run, beside: { runs, chosen, onChoose, cameras } }: { run: Run; beside: Beside }) {
  const others = runs.filter(({ id, state }) => id !== run.id && state === "succeeded");
  if (others.length === 0) return null;
  return (
    <section className={classes.panel}>
      <Select
        size="xs"
        w={260}
        mb={chosen === null ? 0 : 12}
        label="Compare with"
        placeholder="another run"
        data={others.map(({ id, number, preset }) => ({
          value: String(id),
          label: `Run ${number}, ${preset}`,
        }))}
        value={chosen === null ? null : String(chosen)}
        onChange={(value) => onChoose(value === null ? null : Number(value))}
        clearable
        clearButtonProps={{ "aria-label": "Compare with none" }}
      />
      {chosen !== null && chosen !== run.id && <RunComparison run={run} otherId={chosen} cameras={cameras} />}
    </section>
  );
}
