import { counted } from "@/lib/format";
import { useDecisions, useEntries } from "../hooks/useDecisions";
import classes from "./UnsavedNotice.module.css";

/** Says that decisions could not be stored yet, why, and that they are kept; nothing while all goes well. */
export function UnsavedNotice() {
  const { outbox } = useDecisions();
  const unsaved = useEntries().filter(({ state, problem }) => state !== "refused" && problem !== null);
  const refused = useEntries().filter(({ state }) => state === "refused");
  return (
    <div role="status" aria-live="polite">
      {unsaved.length > 0 && (
        <p className={classes.notice}>
          <strong>{counted(unsaved.length, "decision")} not saved yet.</strong> {unsaved[0]?.problem} What you
          decided is kept in this tab and sent again until it is stored.
          <button type="button" onClick={outbox.resume}>
            Send now
          </button>
        </p>
      )}
      {refused.map(({ key, kind, problem }) => (
        <p key={key} className={classes.notice}>
          <strong>{kind === "undo" ? "Not undone." : "A decision was not stored."}</strong> {problem}
          <button type="button" onClick={() => outbox.dismiss(key)}>
            Dismiss
          </button>
        </p>
      ))}
    </div>
  );
}
