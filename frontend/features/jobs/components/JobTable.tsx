import { Button, Skeleton } from "@mantine/core";
import { EmptyState } from "@/components/EmptyState";
import { ProblemState } from "@/components/ProblemState";
import table from "@/components/table.module.css";
import { type JobFilter, useJobs } from "../api/getJobs";
import { JobRow } from "./JobRow";
import classes from "./JobTable.module.css";

interface Props {
  filter: JobFilter;
  onOpen: (jobId: number) => void;
}

/** All jobs that the person may see, live. */
export function JobTable({ filter, onOpen }: Props) {
  const jobs = useJobs(filter);
  if (jobs.isPending) return <Skeleton height={420} />;
  if (jobs.isError && !jobs.data)
    return <ProblemState error={jobs.error} onRetry={() => void jobs.refetch()} />;
  const all = jobs.data.pages.flatMap((page) => page.results);
  if (all.length === 0) {
    return (
      <EmptyState title="No jobs here">
        Jobs appear when videos are imported and when a run is started.
      </EmptyState>
    );
  }
  return (
    <div className={`${table.frame} ${classes.frame}`}>
      <table className={`${table.table} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">job</th>
            <th scope="col">state</th>
            <th scope="col">work</th>
            <th scope="col">scene</th>
            <th scope="col">camera</th>
            <th scope="col">run</th>
            <th scope="col" className={classes.wide}>
              progress
            </th>
            <th scope="col">standing</th>
            <th scope="col">queued</th>
            <th scope="col">
              <span className={classes.unseen}>cancel or retry</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {all.map((job) => (
            <JobRow key={job.id} job={job} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
      {jobs.hasNextPage && (
        <Button
          variant="subtle"
          onClick={() => void jobs.fetchNextPage()}
          loading={jobs.isFetchingNextPage}
          fullWidth
        >
          Older jobs
        </Button>
      )}
    </div>
  );
}
