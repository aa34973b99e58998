import { useState } from "react";
import { counted } from "@/lib/format";
import type { Entry } from "@/lib/outbox";
import type { Decision } from "../decision";
import { useDecisions, useEntries } from "../hooks/useDecisions";
import { togetherIn } from "../identityEdit";
import { DuplicateDialog } from "./DuplicateDialog";
import classes from "./UnsavedNotice.module.css";

/** Says that decisions could not be stored yet, why, and that they are kept; nothing while all goes well. */
export function UnsavedNotice({ runId }: { runId: number | null }) {
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
      {refused.map((entry) => (
        <Refused key={entry.key} entry={entry} runId={runId} onDismiss={() => outbox.dismiss(entry.key)} />
      ))}
    </div>
  );
}

interface RefusedProps {
  entry: Entry<Decision>;
  /** The run on screen. */
  runId: number | null;
  onDismiss: () => void;
}

function Refused({ entry: { kind, problem, scene, extra }, runId, onDismiss }: RefusedProps) {
  const [isOffered, setOffered] = useState(false);
  const together = togetherIn(extra);
  return (
    <div className={classes.notice}>
      <strong>{kind === "undo" ? "Not undone." : "A decision was not stored."}</strong> {problem}
      {together && runId !== null && (
        <button type="button" onClick={() => setOffered(true)}>
          {together.handover ? "Cut one or mark a duplicate" : "Mark a duplicate"}
        </button>
      )}
      <button type="button" onClick={onDismiss}>
        Dismiss
      </button>
      {together && runId !== null && isOffered && (
        <DuplicateDialog
          sceneId={scene}
          runId={runId}
          together={together}
          onDone={onDismiss}
          onClose={() => setOffered(false)}
        />
      )}
    </div>
  );
}
