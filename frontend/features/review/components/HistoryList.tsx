import { Button, Skeleton } from "@mantine/core";
import { EmptyState } from "@/components/EmptyState";
import { ProblemState } from "@/components/ProblemState";
import { useOperations } from "../api/getOperations";
import classes from "./HistoryList.module.css";
import { HistoryRow } from "./HistoryRow";

interface Props {
  sceneId: number;
  person: number | null;
  timeZone: string;
  mayUndo: boolean;
}

/** Everything that people decided in a scene, newest first. */
export function HistoryList({ sceneId, person, timeZone, mayUndo }: Props) {
  const operations = useOperations(sceneId, person);
  if (operations.isError && !operations.data)
    return <ProblemState error={operations.error} onRetry={() => void operations.refetch()} />;
  if (!operations.data) return <Skeleton height={360} />;
  const rows = operations.data.pages.flatMap((page) => page.results);
  if (rows.length === 0)
    return (
      <EmptyState title="Nothing has been decided yet">
        Every decision about this scene appears here, with its author and the way back.
      </EmptyState>
    );
  return (
    <>
      <ol className={classes.list} aria-label="Operations, newest first">
        {rows.map((operation) => (
          <HistoryRow
            key={operation.id}
            operation={operation}
            sceneId={sceneId}
            timeZone={timeZone}
            mayUndo={mayUndo}
          />
        ))}
      </ol>
      {operations.hasNextPage && (
        <Button
          className={classes.more}
          variant="default"
          loading={operations.isFetchingNextPage}
          onClick={() => void operations.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </>
  );
}
