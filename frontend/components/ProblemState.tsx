import { Button } from "@mantine/core";
import { sentenceOf } from "@/lib/api/problem";
import { Icon } from "./Icon";
import classes from "./states.module.css";

/** In place of content that could not be loaded: what happened, what to do, and the button that tries again. */
export function ProblemState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className={classes.state} role="alert">
      <Icon name="warning" size={28} />
      <p className={classes.sentence}>{sentenceOf(error)}</p>
      {onRetry && (
        <Button variant="default" leftSection={<Icon name="retry" />} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
