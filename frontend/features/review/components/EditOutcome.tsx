import { Button } from "@mantine/core";
import { useState } from "react";
import { KeyCaps } from "@/components/KeyCaps";
import { sentenceOf } from "@/lib/api/problem";
import { togetherOf } from "../identityEdit";
import { effectWords } from "../recent";
import type { VerdictGiven } from "../types";
import { DuplicateDialog } from "./DuplicateDialog";
import classes from "./IdentityEdits.module.css";

interface Props {
  sceneId: number;
  runId: number;
  error: Error | null;
  stored: VerdictGiven | undefined;
  takenBack: VerdictGiven | undefined;
  isBusy: boolean;
  withKeys: boolean;
  onUndo: (operation: number) => void;
}

/** What became of the last edit of an identity: stored, taken back, or refused and why. */
export function EditOutcome({ sceneId, runId, error, stored, takenBack, isBusy, withKeys, onUndo }: Props) {
  if (error) return <Refused sceneId={sceneId} runId={runId} error={error} />;
  const done = takenBack ?? stored;
  if (!done) return null;
  const { effect, operation } = done;
  return (
    <p className={classes.done} role="status">
      {takenBack ? "Taken back" : "Stored"}: {effectWords(effect) || "identities unchanged"}.{" "}
      {effect.contradictions > 0 && "It contradicts earlier answers, which come first in the review now. "}
      {!takenBack && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={isBusy}
          onClick={() => onUndo(operation.id)}
          rightSection={withKeys && <KeyCaps keys="z" />}
        >
          Undo
        </Button>
      )}
    </p>
  );
}

function Refused({ sceneId, runId, error }: { sceneId: number; runId: number; error: Error }) {
  const [isOffered, setOffered] = useState(false);
  const together = togetherOf(error);
  return (
    <div className={classes.problem} role="alert">
      {sentenceOf(error)}
      {together && (
        <Button size="compact-xs" variant="default" ml={8} onClick={() => setOffered(true)}>
          {together.handover ? "Cut one or mark a duplicate" : "Mark a duplicate"}
        </Button>
      )}
      {together && isOffered && (
        <DuplicateDialog
          sceneId={sceneId}
          runId={runId}
          together={together}
          onDone={() => setOffered(false)}
          onClose={() => setOffered(false)}
        />
      )}
    </div>
  );
}
