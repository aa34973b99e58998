import { Tooltip } from "@mantine/core";
import { Link } from "react-router";
import { Bar } from "@/components/Bar";
import { StateBadge } from "@/components/StateBadge";
import { isUnderWay, type Run, useRun } from "@/features/runs/api/getRun";
import { ExportLabels } from "@/features/runs/components/ExportLabels";
import type { Scene } from "@/features/scenes/api/getScene";
import { percent, spanWords } from "@/lib/format";
import { atLeast } from "@/lib/roles";
import classes from "./ScenePage.module.css";

/** The run on the videos, and the one under way if there is one. */
export function RunCard({ scene, runId }: { scene: Scene; runId: number | null }) {
  const shown = useRun(runId);
  const latest = scene.latest_run;
  const newer = latest && latest.id !== runId && isUnderWay(latest.state) ? latest.id : null;
  return (
    <section className={classes.panel} aria-label="Run">
      {shown.data && <Shown run={shown.data} />}
      {runId === null && newer === null && <None scene={scene} />}
      {newer !== null && <UnderWay runId={newer} />}
    </section>
  );
}

function RunLine({ run }: { run: Run }) {
  return (
    <div className={classes.runLine}>
      <Link to={`/scenes/${run.scene}/runs/${run.id}`}>Run {run.number}</Link>
      <StateBadge state={run.state} />
      <span className={classes.note}>{run.preset}</span>
    </div>
  );
}

function Shown({ run }: { run: Run }) {
  return (
    <>
      <RunLine run={run} />
      <dl className={classes.figures}>
        {run.score && (
          <div>
            <dt>IDF1</dt>
            <dd>
              <Tooltip label={run.score.rule} multiline maw={320}>
                <Link to={`/scenes/${run.scene}/runs/${run.id}`}>{percent(run.score.idf1)}</Link>
              </Tooltip>
            </dd>
          </div>
        )}
        <div>
          <dt>identities</dt>
          <dd>{run.identity_count.toLocaleString("en")}</dd>
        </div>
        <div>
          <dt>across cameras</dt>
          <dd>{run.shared_identity_count.toLocaleString("en")}</dd>
        </div>
      </dl>
      {run.state === "succeeded" && <ExportLabels run={run} />}
    </>
  );
}

function UnderWay({ runId }: { runId: number }) {
  const { data: run } = useRun(runId);
  if (!run) return null;
  const left = run.progress.remaining_s;
  return (
    <div>
      <RunLine run={run} />
      <Bar fraction={run.progress.fraction} label={`Run ${run.number}`} />
      <p className={classes.note}>{left === null ? "No estimate yet" : `About ${spanWords(left)} left`}</p>
    </div>
  );
}

function None({ scene }: { scene: Scene }) {
  return (
    <p className={classes.note}>
      No run has finished. <Link to={`/scenes/${scene.id}/runs`}>Look at the runs</Link>
      {atLeast(scene.my_role, "manager") ? ", or start one there." : "."}
    </p>
  );
}
