import { Button, Skeleton } from "@mantine/core";
import { NavLink } from "react-router";
import { ProblemState } from "@/components/ProblemState";
import { StateBadge } from "@/components/StateBadge";
import { dateAndTime, percent } from "@/lib/format";
import { type RunSummary, useRuns } from "../api/getRuns";
import classes from "./RunList.module.css";

interface Props {
  sceneId: number;
  selected: number | null;
}

/** The scene's runs, newest first. */
export function RunList({ sceneId, selected }: Props) {
  const runs = useRuns(sceneId);
  if (runs.isPending) return <Skeleton height={240} />;
  if (runs.isError && !runs.data)
    return <ProblemState error={runs.error} onRetry={() => void runs.refetch()} />;
  return (
    <nav aria-label="Runs" className={classes.list}>
      {runs.data.pages
        .flatMap((page) => page.results)
        .map((run) => (
          <Row key={run.id} run={run} sceneId={sceneId} isSelected={run.id === selected} />
        ))}
      {runs.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          onClick={() => void runs.fetchNextPage()}
          loading={runs.isFetchingNextPage}
        >
          Older runs
        </Button>
      )}
    </nav>
  );
}

function Row({ run, sceneId, isSelected }: { run: RunSummary; sceneId: number; isSelected: boolean }) {
  return (
    <NavLink
      to={`/scenes/${sceneId}/runs/${run.id}`}
      className={classes.row}
      data-selected={isSelected || undefined}
    >
      <span className={classes.line}>
        <strong>Run {run.number}</strong>
        <StateBadge state={run.state} />
        {run.idf1 !== null && <span className={classes.score}>IDF1 {percent(run.idf1)}</span>}
      </span>
      <span className={classes.facts}>
        {run.preset} · {dateAndTime(run.created_at)}
      </span>
    </NavLink>
  );
}
