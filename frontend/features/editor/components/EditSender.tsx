import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { Problem } from "@/lib/api/problem";
import { type DecisionEntry, type Entry, Outbox, type Stored, type UndoEntry } from "@/lib/outbox";
import { useOutbox } from "@/lib/useOutbox";
import { sendEdit, undoEdit } from "../api/sendEdit";
import { type Edits, EditsContext } from "../hooks/useEdits";
import { Names } from "../names";
import { noteEdited, noteOwn, noteUndone } from "../storedEdit";
import { renamedEdit, restored, successors, type TrackEdit } from "../trackEdit";

interface Props {
  /** Who edits: another person's edits are never sent in this one's name. */
  person: number;
  /** The session ended in the middle of sending. */
  onSignedOut: () => void;
  children: ReactNode;
}

/** Sends the edits of the person who is signed in, on whatever page they are, until the server has them all. */
export function EditSender({ person, onSignedOut, children }: Props) {
  const queries = useQueryClient();
  const edits = useMemo(() => editsOf(person, queries, onSignedOut), [person, queries, onSignedOut]);
  useOutbox(edits.outbox);
  return <EditsContext value={edits}>{children}</EditsContext>;
}

function editsOf(person: number, queries: QueryClient, onSignedOut: () => void): Edits {
  const names = new Names();
  const send = async (entry: Entry<TrackEdit>): Promise<Stored<TrackEdit>> => {
    try {
      return await (entry.kind === "undo" ? undo(entry) : store(entry));
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.code === "csrf-failed")) onSignedOut();
      throw error;
    }
  };
  const store = async ({ scene, key, decision }: DecisionEntry<TrackEdit>) => {
    const { operation } = await sendEdit(scene, key, decision);
    const now = successors(decision.edits, operation.changes);
    names.note(now);
    noteOwn(queries, scene, person, operation);
    noteEdited(queries, decision, now);
    return { operation: operation.id, carry: (waiting: TrackEdit) => renamedEdit(waiting, now) };
  };
  const undo = async ({ scene, key, operation }: UndoEntry) => {
    const given = await undoEdit(operation ?? 0, key);
    names.note(restored(given.operation.changes));
    noteOwn(queries, scene, person, given.operation);
    noteUndone(queries);
    return { operation: given.operation.id };
  };
  return {
    person,
    outbox: new Outbox<TrackEdit>(window.sessionStorage, `crosstrack-edits-${person}`, send),
    resolve: (id, isShown) => names.resolve(id, isShown),
  };
}
