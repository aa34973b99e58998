import type { Told } from "@/lib/doneBy";
import type { DecisionEntry } from "@/lib/outbox";
import { renamed } from "./edits";
import type { TrackEdit } from "./trackEdit";

/** A tracklet as the server describes it where an edit named one that is not there any more. */
export interface Version {
  readonly id: number;
  readonly number: number;
  readonly first_frame: number;
  readonly last_frame: number;
  readonly length: number;
}

/** Somebody was quicker: what the edit was about, what is there now (nothing: it is hidden), and who made it so. */
export interface Conflict {
  readonly yours: Version;
  readonly current: readonly Version[];
  readonly operation: Told | null;
}

export function conflictOf({ code, extra }: DecisionEntry<TrackEdit>): Conflict | null {
  return code === "tracklet-changed" && "yours" in extra ? (extra as unknown as Conflict) : null;
}

/** The same edits, made on what is there now instead. */
export function onto(edit: TrackEdit, { yours }: Conflict, current: Version): TrackEdit {
  const name = (id: number): number => (id === yours.id ? current.id : id);
  return { ...edit, edits: edit.edits.map((one) => renamed(one, name)) };
}
