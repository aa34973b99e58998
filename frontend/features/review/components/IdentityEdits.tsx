import { Button, NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "@/lib/api/problem";
import { counted } from "@/lib/format";
import { editIdentity, type IdentityEdit } from "../api/editIdentity";
import { useUndoing } from "../hooks/useUndoing";
import { effectWords } from "../recent";
import { noteStored } from "../storedDecision";
import type { VerdictGiven } from "../types";
import classes from "./IdentityEdits.module.css";

interface Props {
  sceneId: number;
  /** The run that the scene shows. */
  runId: number;
  number: number;
  trackletCount: number;
  /** Tracklets of the identity that are marked, to be split off. */
  marked: readonly number[];
  /** Called when an edit is stored, with the number under which the identity goes on. */
  onDone: (number: number) => void;
}

/** An identity that another one took in has that one's number from then on. */
function goesOnAs(number: number, joined: readonly number[]): number {
  return joined.includes(number) ? number : (joined[0] ?? number);
}

/** What can be done with a whole identity: confirm it, split marked tracklets off, merge it with another one. */
export function IdentityEdits({ sceneId, runId, number, trackletCount, marked, onDone }: Props) {
  const queries = useQueryClient();
  const undoing = useUndoing(sceneId);
  const edit = useMutation({
    mutationFn: (wanted: IdentityEdit) => editIdentity(sceneId, wanted),
    onSuccess: (given) => {
      noteStored(queries, sceneId, given);
      undoing.reset();
      onDone(goesOnAs(number, given.effect.joined));
    },
  });
  return (
    <section className={classes.edits} aria-label={`Edit identity ${number}`}>
      <div className={classes.buttons}>
        <Button
          size="compact-xs"
          variant="default"
          disabled={trackletCount < 2}
          loading={edit.isPending}
          onClick={() => edit.mutate({ kind: "confirm", run: runId, number })}
        >
          Confirm: one vehicle
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          disabled={marked.length === 0 || marked.length === trackletCount}
          loading={edit.isPending}
          onClick={() => edit.mutate({ kind: "split", tracklets: [...marked] })}
        >
          {marked.length > 0 ? `Split ${counted(marked.length, "tracklet")} off` : "Split marked off"}
        </Button>
        <MergeForm
          number={number}
          isBusy={edit.isPending}
          onMerge={(other) => edit.mutate({ kind: "merge", run: runId, numbers: [number, other] })}
        />
      </div>
      <Outcome
        error={edit.error ?? undoing.error}
        stored={edit.data}
        takenBack={undoing.data}
        isBusy={undoing.isPending}
        onUndo={(operation) => undoing.mutate(operation)}
      />
    </section>
  );
}

interface MergeProps {
  number: number;
  isBusy: boolean;
  onMerge: (other: number) => void;
}

function MergeForm({ number, isBusy, onMerge }: MergeProps) {
  const [other, setOther] = useState<string | number>("");
  return (
    <form
      className={classes.merge}
      onSubmit={(event) => {
        event.preventDefault();
        onMerge(Number(other));
        setOther("");
      }}
    >
      <NumberInput
        size="xs"
        w={104}
        aria-label="Merge with identity"
        placeholder="with number"
        min={1}
        hideControls
        allowDecimal={false}
        value={other}
        onChange={setOther}
      />
      <Button
        size="compact-xs"
        variant="default"
        type="submit"
        disabled={other === "" || Number(other) === number}
        loading={isBusy}
      >
        Merge
      </Button>
    </form>
  );
}

interface OutcomeProps {
  error: Error | null;
  stored: VerdictGiven | undefined;
  takenBack: VerdictGiven | undefined;
  isBusy: boolean;
  onUndo: (operation: number) => void;
}

function Outcome({ error, stored, takenBack, isBusy, onUndo }: OutcomeProps) {
  if (error)
    return (
      <p className={classes.problem} role="alert">
        {sentenceOf(error)}
      </p>
    );
  const done = takenBack ?? stored;
  if (!done) return null;
  const { effect, operation } = done;
  return (
    <p className={classes.done} role="status">
      {takenBack ? "Taken back" : "Stored"}: {effectWords(effect) || "identities unchanged"}.{" "}
      {effect.contradictions > 0 && "It contradicts earlier answers, which come first in the review now. "}
      {!takenBack && (
        <Button size="compact-xs" variant="subtle" loading={isBusy} onClick={() => onUndo(operation.id)}>
          Undo
        </Button>
      )}
    </p>
  );
}
