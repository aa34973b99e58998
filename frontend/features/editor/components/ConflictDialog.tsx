import { Button, Modal } from "@mantine/core";
import { newKey } from "@/lib/newKey";
import type { DecisionEntry } from "@/lib/outbox";
import { conflictOf, onto, type Version } from "../conflict";
import { useEditEntries, useEdits } from "../hooks/useEdits";
import type { TrackEdit } from "../trackEdit";
import classes from "./Dialogs.module.css";

/** Somebody changed a tracklet while it was edited here: both versions, and which one is to hold. */
export function ConflictDialog({ video }: { video: number }) {
  const entry = useEditEntries().find(
    (one): one is DecisionEntry<TrackEdit> =>
      one.kind === "decision" &&
      one.decision.video === video &&
      one.state === "refused" &&
      conflictOf(one) !== null,
  );
  const { outbox } = useEdits();
  const conflict = entry && conflictOf(entry);
  if (!entry || !conflict) return null;
  const { yours, current, operation } = conflict;
  const takeTheirs = (): void => outbox.dismiss(entry.key);
  const takeMine = (version: Version): void => {
    outbox.dismiss(entry.key);
    outbox.decide(newKey(), entry.scene, onto(entry.decision, conflict, version));
  };
  return (
    <Modal
      opened
      onClose={takeTheirs}
      title={`T${yours.number} was changed meanwhile`}
      size="lg"
      closeOnClickOutside={false}
    >
      <div className={classes.versions}>
        <section className={classes.version} aria-label="Theirs">
          <h3>Theirs</h3>
          <p>
            {operation &&
              `${operation.actor}, operation #${operation.number} (${operation.kind.replace("_", " ")}): `}
            {current.length === 0 ? "it is not shown any more." : current.map(described).join("; ")}
          </p>
          <Button variant="default" onClick={takeTheirs}>
            Take theirs
          </Button>
        </section>
        <section className={classes.version} aria-label="Mine">
          <h3>Mine</h3>
          <p>{entry.decision.title}. Not stored; on this page it is taken back.</p>
          {current.map((version) => (
            <Button key={version.id} onClick={() => takeMine(version)}>
              Take mine, on T{version.number}
            </Button>
          ))}
          {current.length === 0 && (
            <p>There is nothing left to make it on: undo their edit in the history first.</p>
          )}
        </section>
      </div>
    </Modal>
  );
}

function described({ number, first_frame, last_frame, length }: Version): string {
  return `T${number}, frames ${first_frame}–${last_frame}, ${length} boxes`;
}
