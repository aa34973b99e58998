import { Button } from "@mantine/core";
import { conflictOf } from "../conflict";
import { useEditEntries, useEdits } from "../hooks/useEdits";
import classes from "./Inspector.module.css";

/** Whether all that is on screen is stored; what was refused says why until it has been read. */
export function SaveState({ scene }: { scene: number }) {
  const { outbox } = useEdits();
  const entries = useEditEntries().filter((entry) => entry.scene === scene);
  const waiting = entries.filter(({ state }) => state !== "refused");
  const unsaved = waiting.find(({ problem }) => problem !== null);
  const words = unsaved
    ? `Not saved yet: ${unsaved.problem}`
    : waiting.length > 0
      ? "Saving…"
      : "All edits are saved.";
  const refused = entries.filter(
    (entry) => entry.state === "refused" && (entry.kind === "undo" || conflictOf(entry) === null),
  );
  return (
    <>
      <span
        className={classes.saved}
        role="status"
        data-state={unsaved ? "unsaved" : waiting.length ? "saving" : "saved"}
      >
        {words}
      </span>
      {refused.map((entry) => (
        <div key={entry.key} className={classes.notice} role="alert">
          <p>
            <strong>Not done{entry.kind === "decision" && `: ${entry.decision.title}`}.</strong>{" "}
            {entry.problem}
          </p>
          <Button size="compact-xs" variant="default" onClick={() => outbox.dismiss(entry.key)}>
            I have read it
          </Button>
        </div>
      ))}
    </>
  );
}
