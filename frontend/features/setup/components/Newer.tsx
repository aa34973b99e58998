import { Button } from "@mantine/core";
import classes from "./setup.module.css";

interface Props {
  /** What was changed: "The region". */
  what: string;
  /** What is stored now, in words. */
  theirs: string;
  onTheirs: () => void;
  onMine: () => void;
}

/** Somebody saved another version of what is drawn here: both are there, and the person at it says which one holds. */
export function Newer({ what, theirs, onTheirs, onMine }: Props) {
  return (
    <section className={classes.newer} role="alert">
      <p className={classes.good}>
        <strong>{what} changed on the server meanwhile.</strong> Stored now: {theirs}. What you changed is
        kept here, and is not saved yet.
      </p>
      <div className={classes.buttons}>
        <Button size="compact-xs" variant="default" onClick={onMine}>
          Go on with mine
        </Button>
        <Button size="compact-xs" variant="default" onClick={onTheirs}>
          Take theirs, drop mine
        </Button>
      </div>
    </section>
  );
}
