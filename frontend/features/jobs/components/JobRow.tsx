import { Link } from "react-router";
import { Bar } from "@/components/Bar";
import { StateBadge } from "@/components/StateBadge";
import table from "@/components/table.module.css";
import { dateAndTime, shortMoment } from "@/lib/format";
import { workTone } from "@/lib/workTone";
import type { Job } from "../api/getJobs";
import { kindWords, progressWords, standing } from "../words";
import { JobButtons } from "./JobButtons";
import classes from "./JobTable.module.css";

function fraction({ state, done = 0, total }: Job): number {
  if (state === "succeeded") return 1;
  return total ? done / total : 0;
}

/** A job as a row; what went wrong has a row of its own below. */
export function JobRow({ job, onOpen }: { job: Job; onOpen: (jobId: number) => void }) {
  return (
    <>
      <tr data-job={job.id} data-state={job.state} data-problem={job.problem ? true : undefined}>
        <td>
          <button
            type="button"
            className={classes.open}
            onClick={() => onOpen(job.id)}
            aria-label={`Open job ${job.id}`}
          >
            {job.id}
          </button>
        </td>
        <td>
          <StateBadge state={job.state} />
        </td>
        <td>{kindWords(job.kind)}</td>
        <td>{job.scene !== null && <Link to={`/scenes/${job.scene}`}>{job.scene_name}</Link>}</td>
        <td>{job.camera_name ?? "all"}</td>
        <td>
          {job.scene !== null && job.run !== null && (
            <Link to={`/scenes/${job.scene}/runs/${job.run}`}>run {job.run_number}</Link>
          )}
        </td>
        <td className={classes.wide}>
          <Bar fraction={fraction(job)} label={`Progress of job ${job.id}`} tone={workTone(job.state)} />
          <span className={table.quiet}>{progressWords(job)}</span>
        </td>
        <td className={table.quiet}>{standing(job)}</td>
        <td className={table.quiet}>
          <time dateTime={job.created_at} title={dateAndTime(job.created_at)}>
            {shortMoment(job.created_at, new Date())}
          </time>
        </td>
        <td className={table.buttons}>
          <JobButtons job={job} />
        </td>
      </tr>
      {job.problem && (
        <tr className={table.problem}>
          <td />
          <td colSpan={9}>{job.problem}</td>
        </tr>
      )}
    </>
  );
}
