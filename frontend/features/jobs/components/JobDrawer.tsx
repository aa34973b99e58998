import { Drawer, Skeleton } from "@mantine/core";
import { ProblemState } from "@/components/ProblemState";
import { StateBadge } from "@/components/StateBadge";
import { dateAndTime } from "@/lib/format";
import { useJob } from "../api/getJob";
import { useJobLines } from "../api/getJobLines";
import { kindWords, progressWords, standing } from "../words";
import { JobButtons } from "./JobButtons";
import classes from "./JobDrawer.module.css";

/** One job with its log, beside the list. */
export function JobDrawer({ jobId, onClose }: { jobId: number | null; onClose: () => void }) {
  return (
    <Drawer opened={jobId !== null} onClose={onClose} position="right" size="lg" title={`Job ${jobId ?? ""}`}>
      {jobId !== null && <JobDetails jobId={jobId} />}
    </Drawer>
  );
}

function JobDetails({ jobId }: { jobId: number }) {
  const { data: job, ...asked } = useJob(jobId);
  if (asked.isPending) return <Skeleton height={200} />;
  if (!job) return <ProblemState error={asked.error} onRetry={() => void asked.refetch()} />;
  return (
    <div className={classes.details}>
      <div className={classes.line}>
        <StateBadge state={job.state} />
        <span>{kindWords(job.kind)}</span>
        <span className={classes.quiet}>{standing(job)}</span>
        <span className={classes.buttons}>
          <JobButtons job={job} />
        </span>
      </div>
      {job.problem && <p className={classes.problem}>{job.problem}</p>}
      <dl className={classes.facts}>
        <dt>scene</dt>
        <dd>{job.scene_name ?? "none"}</dd>
        <dt>camera</dt>
        <dd>{job.camera_name ?? "all"}</dd>
        <dt>progress</dt>
        <dd>{progressWords(job) || "not counted"}</dd>
        <dt>attempt</dt>
        <dd>
          {job.attempt} of at most {job.max_attempts}
        </dd>
        <dt>queued</dt>
        <dd>{dateAndTime(job.created_at)}</dd>
        {job.worker && (
          <>
            <dt>worker</dt>
            <dd>{job.worker}</dd>
          </>
        )}
      </dl>
      <JobLog jobId={jobId} />
      {job.trace && (
        <details>
          <summary>Trace for the operator</summary>
          <pre className={classes.log}>{job.trace}</pre>
        </details>
      )}
    </div>
  );
}

function JobLog({ jobId }: { jobId: number }) {
  const lines = useJobLines(jobId);
  if (lines.isPending) return <Skeleton height={160} />;
  if (lines.isError && !lines.data)
    return <ProblemState error={lines.error} onRetry={() => void lines.refetch()} />;
  return (
    <section aria-label="Log">
      <h3 className={classes.heading}>Log</h3>
      {lines.data.length === 0 && <p className={classes.quiet}>Nothing was logged yet.</p>}
      <ol className={classes.lines}>
        {lines.data.map((line) => (
          <li key={line.id} data-level={line.level}>
            <time dateTime={line.at}>{new Date(line.at).toLocaleTimeString()}</time> {line.message}
          </li>
        ))}
      </ol>
    </section>
  );
}
