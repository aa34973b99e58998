import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Bar } from "@/components/Bar";
import { StateBadge } from "@/components/StateBadge";
import { sentenceOf } from "@/lib/api/problem";
import { dateAndTime, spanWords } from "@/lib/format";
import { workTone } from "@/lib/workTone";
import { useCancelRun } from "../api/cancelRun";
import { exportAddress } from "../api/exportAddress";
import { isUnderWay, type Run } from "../api/getRun";
import classes from "./RunHeading.module.css";

function took(run: Run): string | null {
  if (!run.started_at || !run.finished_at) return null;
  return `took ${spanWords((Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000)}`;
}

function facts(run: Run): string {
  const left = run.progress.remaining_s;
  const parts = [
    run.preset,
    `${dateAndTime(run.created_at)}${run.created_by ? ` by ${run.created_by}` : ""}`,
    took(run),
    isUnderWay(run.state) && left !== null ? `about ${spanWords(left)} left` : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** The ways to what a run found; a run that the scene does not show is named in the address. */
function Results({ run }: { run: Run }) {
  const search = run.is_current ? "" : `?run=${run.id}`;
  return (
    <nav aria-label={`Results of run ${run.number}`} className={classes.results}>
      {run.is_current && <Link to={`/scenes/${run.scene}/review`}>Review its pairs</Link>}
      <Link to={`/scenes/${run.scene}${search}`}>Watch on the videos</Link>
      <Link to={`/scenes/${run.scene}/identities${search}`}>See its identities</Link>
      <a href={exportAddress(run.id)} download>
        Export its labels
      </a>
    </nav>
  );
}

/** Which run this is, how it stands, and the button that stops it. */
export function RunHeading({ run, mayCancel }: { run: Run; mayCancel: boolean }) {
  const cancel = useCancelRun(run.id);
  return (
    <div className={classes.heading}>
      <div className={classes.line}>
        <h2 className={classes.title}>Run {run.number}</h2>
        <StateBadge state={run.state} />
        {run.is_current && <span className={classes.current}>shown in this scene</span>}
        {run.state === "succeeded" && <Results run={run} />}
        {mayCancel && isUnderWay(run.state) && (
          <Button
            className={classes.cancel}
            size="xs"
            variant="default"
            onClick={() => cancel.mutate()}
            loading={cancel.isPending}
          >
            Cancel the run
          </Button>
        )}
      </div>
      <p className={classes.facts}>{facts(run)}</p>
      {isUnderWay(run.state) && (
        <Bar fraction={run.progress.fraction} label="Whole run" tone={workTone(run.state)} />
      )}
      {run.problem && (
        <p role="alert" className={classes.problem}>
          {run.problem}
        </p>
      )}
      {cancel.isError && (
        <p role="alert" className={classes.problem}>
          {sentenceOf(cancel.error)}
        </p>
      )}
    </div>
  );
}
