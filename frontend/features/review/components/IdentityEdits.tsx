import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { KeyCaps } from "@/components/KeyCaps";
import { counted } from "@/lib/format";
import { useLatest } from "@/lib/useLatest";
import { editIdentity } from "../api/editIdentity";
import { useIdentityActions } from "../hooks/useIdentityActions";
import { useUndoing } from "../hooks/useUndoing";
import { goesOnAs, type IdentityEdit, staleOf } from "../identityEdit";
import { identityRead, noteOthers, noteStored } from "../storedDecision";
import { EditOutcome } from "./EditOutcome";
import classes from "./IdentityEdits.module.css";
import { MergeForm } from "./MergeForm";
import { StaleIdentityDialog } from "./StaleIdentityDialog";

interface Props {
  sceneId: number;
  /** The run that the scene shows. */
  runId: number;
  number: number;
  /** Its tracklets (ids), in the order in which they are on the page. */
  tracklets: readonly number[];
  /** Tracklets of the identity that are marked, to be split off. */
  marked: readonly number[];
  onMark: (tracklet: number) => void;
  /** Whether the page leaves its keys to this. */
  withKeys: boolean;
  /** Called when an edit is stored, with the number under which the identity goes on. */
  onDone: (number: number) => void;
}

/** What can be done with a whole identity: confirm it, split marked tracklets off, merge it with another one. */
export function IdentityEdits(props: Props) {
  const { sceneId, runId, number, tracklets, marked, onMark, withKeys, onDone } = props;
  const queries = useQueryClient();
  const undoing = useUndoing(sceneId);
  const mergeField = useRef<HTMLInputElement>(null);
  const edit = useMutation({
    mutationFn: (wanted: IdentityEdit) => editIdentity(sceneId, wanted),
    onSuccess: (given) => {
      noteStored(queries, sceneId, given);
      undoing.reset();
      return identityRead(queries);
    },
  });
  const shown = useLatest(number);
  // An answer that comes when the panel is closed, or shows another identity, leads nowhere.
  const send = (wanted: IdentityEdit): void =>
    edit.mutate(wanted, {
      onSuccess: ({ effect }) => {
        if (shown() === wanted.seen.number) onDone(goesOnAs(wanted, effect.joined));
      },
    });
  const seen = { number, tracklets };
  // Of the identity that was open before nothing is said here.
  const isAbout =
    edit.variables !== undefined && number === goesOnAs(edit.variables, edit.data?.effect.joined ?? []);
  const confirm = (): void => send({ kind: "confirm", run: runId, seen });
  const split = (): void => send({ kind: "split", seen, out: marked });
  const undoable = isAbout && !undoing.data ? edit.data?.operation.id : undefined;
  const busy = edit.isPending || undoing.isPending ? "the last edit is being stored" : null;
  const reasons = {
    confirm: busy ?? (tracklets.length < 2 ? "it has one tracklet only" : null),
    split: busy ?? whyNoSplit(marked.length, tracklets.length),
    undo: busy ?? (undoable === undefined ? "nothing was edited here" : null),
  };
  const mark = (index: number): void => {
    const tracklet = tracklets[index];
    if (tracklet !== undefined) onMark(tracklet);
  };
  useIdentityActions(
    {
      confirm,
      split,
      merge: () => mergeField.current?.focus(),
      undo: () => undoable !== undefined && undoing.mutate(undoable),
      mark,
    },
    reasons,
    withKeys ? tracklets.length : 0,
  );
  const stale = staleOf(edit.error);
  return (
    <section className={classes.edits} aria-label={`Edit identity ${number}`}>
      <div className={classes.buttons}>
        <Button
          size="compact-xs"
          variant="default"
          disabled={tracklets.length < 2}
          loading={edit.isPending}
          onClick={confirm}
          rightSection={withKeys && <KeyCaps keys="c" />}
        >
          Confirm: one vehicle
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          disabled={whyNoSplit(marked.length, tracklets.length) !== null}
          loading={edit.isPending}
          onClick={split}
          rightSection={withKeys && <KeyCaps keys="s" />}
        >
          {marked.length > 0 ? `Split ${counted(marked.length, "tracklet")} off` : "Split marked off"}
        </Button>
        <MergeForm
          key={number}
          number={number}
          isBusy={edit.isPending}
          field={mergeField}
          withKeys={withKeys}
          onMerge={(other) => send({ kind: "merge", run: runId, seen, other })}
        />
      </div>
      {isAbout && stale && edit.variables && (
        <StaleIdentityDialog
          edit={edit.variables}
          stale={stale}
          onMine={send}
          onTheirs={() => {
            edit.reset();
            noteOthers(queries, sceneId);
            onDone(stale.current[0]?.number ?? number);
          }}
        />
      )}
      {isAbout && !stale && (
        <EditOutcome
          sceneId={sceneId}
          runId={runId}
          error={edit.error ?? undoing.error}
          stored={edit.data}
          takenBack={undoing.data}
          isBusy={undoing.isPending}
          withKeys={withKeys}
          onUndo={undoing.mutate}
        />
      )}
    </section>
  );
}

function whyNoSplit(marked: number, all: number): string | null {
  if (marked === 0) return "mark the tracklets that leave first";
  return marked === all ? "leave those that stay unmarked" : null;
}
