import type { Entry } from "@/lib/outbox";
import { appliedToPieces, appliedToTracks, type Edit, renamed, results, subjects } from "./edits";
import type { Pieces, Track } from "./types";

/** What is kept of an edit until the server has it: one operation, of one or several edits in one video. */
export interface TrackEdit {
  readonly run: number;
  readonly video: number;
  readonly edits: readonly Edit[];
  /** What it does, for people: "Split T7 before frame 120". */
  readonly title: string;
}

type Entries = readonly Entry<TrackEdit>[];

/** The edits of a video that are on their way, oldest first: neither refused nor taken back. */
export function pendingEdits(entries: Entries, run: number | null, video: number): Edit[] {
  const takenBack = new Set(
    entries.flatMap((entry) => (entry.kind === "undo" && entry.of ? [entry.of] : [])),
  );
  return entries.flatMap((entry) => {
    if (entry.kind === "undo" || entry.state === "refused" || takenBack.has(entry.key)) return [];
    const { decision } = entry;
    return decision.run === run && decision.video === video ? decision.edits : [];
  });
}

/** Keys of the entries on their way that touch a tracklet which `edits` touch: they must be stored first. */
export function neededBy(edits: readonly Edit[], entries: Entries): string[] {
  const touched = new Set(edits.flatMap(subjects));
  return entries.flatMap((entry) => {
    if (entry.kind === "undo" || entry.state === "refused") return [];
    const theirs = entry.decision.edits.flatMap((edit) => [...subjects(edit), ...results(edit)]);
    return theirs.some((id) => touched.has(id)) ? [entry.key] : [];
  });
}

export function tracksAfter(tracks: readonly Track[], edits: readonly Edit[]): readonly Track[] {
  return edits.reduce(appliedToTracks, tracks);
}

export function piecesAfter(pieces: Pieces, edits: readonly Edit[], first: number, last: number): Pieces {
  return edits.reduce((now: Pieces, edit) => appliedToPieces(now, edit, first, last), pieces);
}

/** A tracklet in the server's answer; without an id where a later edit of the same request changed it again. */
interface Named {
  readonly id: number | null;
  readonly number: number;
}

interface Change {
  readonly before: readonly Named[];
  readonly after: readonly Named[];
}

/** Under which ids the server goes on with the tracklets of `edits`; `changes` are its answer, one for each edit. */
export function successors(edits: readonly Edit[], changes: readonly Change[]): Map<number, number> {
  const names = new Map<number, number>();
  edits.forEach((edit, index) => {
    const made = changes[index]?.after ?? [];
    results(edit).forEach((id, place) => {
      const now = made[place]?.id;
      if (now != null) names.set(id, now);
    });
  });
  return names;
}

/** What each tracklet of an undo is called after it: by its place where as many come as go, else by its number. */
export function restored(changes: readonly Change[]): Map<number, number> {
  const names = new Map<number, number>();
  for (const { before, after } of changes) {
    before.forEach(({ id, number }, place) => {
      const same =
        after.find((one) => one.number === number) ??
        (before.length === after.length ? after[place] : after[0]);
      if (id !== null && same?.id != null) names.set(id, same.id);
    });
  }
  return names;
}

/** The name of `id` after `names`: one that was followed by another goes on as that one. */
export function nameAfter(names: ReadonlyMap<number, number>): (id: number) => number {
  return (id) => names.get(id) ?? id;
}

export function renamedEdit(edit: TrackEdit, names: ReadonlyMap<number, number>): TrackEdit {
  return { ...edit, edits: edit.edits.map((one) => renamed(one, nameAfter(names))) };
}
