import { Button } from "@mantine/core";
import { Problem, sentenceOf } from "@/lib/api/problem";
import classes from "./setup.module.css";

/** Why something was not saved; of a page that is behind, the way to what is there now. */
export function Refusal({ error, onReload }: { error: unknown; onReload: () => void }) {
  if (!error) return null;
  const isStale = error instanceof Problem && error.code === "stale-version";
  return (
    <div className={classes.problem} role="alert">
      {sentenceOf(error)}{" "}
      {isStale && (
        <Button size="compact-xs" variant="default" onClick={onReload}>
          Load what is stored now
        </Button>
      )}
    </div>
  );
}
