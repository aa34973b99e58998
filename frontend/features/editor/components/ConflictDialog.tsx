import { StaleDialog } from "@/components/StaleDialog";
import { doneBy } from "@/lib/doneBy";
import { newKey } from "@/lib/newKey";
import type { DecisionEntry } from "@/lib/outbox";
import { conflictOf, onto, type Version } from "../conflict";
import { useEditEntries, useEdits } from "../hooks/useEdits";
import type { TrackEdit } from "../trackEdit";

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
    <StaleDialog
      title={`T${yours.number} was changed meanwhile`}
      theirs={
        <p>
          {operation && `${doneBy(operation)}: `}
          {current.length === 0 ? "it is not shown any more." : current.map(described).join("; ")}
        </p>
      }
      mine={<p>{entry.decision.title}. Not stored; on this page it is taken back.</p>}
      remade={current.map((version) => ({
        label: `Take mine, on T${version.number}`,
        take: () => takeMine(version),
      }))}
      onTheirs={takeTheirs}
    />
  );
}

function described({ number, first_frame, last_frame, length }: Version): string {
  return `T${number}, frames ${first_frame}–${last_frame}, ${length} boxes`;
}
