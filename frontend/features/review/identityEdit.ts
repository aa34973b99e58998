import type { Schemas } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";
import type { Told } from "@/lib/doneBy";
import { counted } from "@/lib/format";

/** An identity as a person saw it: its number and the ids of its tracklets. */
export interface SeenIdentity {
  readonly number: number;
  readonly tracklets: readonly number[];
}

/** An edit of a whole identity of the run that a scene shows: many verdicts, one operation, one undo. */
export type IdentityEdit =
  | { readonly kind: "confirm"; readonly run: number; readonly seen: SeenIdentity }
  | { readonly kind: "merge"; readonly run: number; readonly seen: SeenIdentity; readonly other: number }
  | { readonly kind: "split"; readonly seen: SeenIdentity; readonly out: readonly number[] };

/** A tracklet without its boxes, where it has an id. */
export type TrackletState = Schemas["TrackletState"] & { readonly id: number };

interface Version {
  readonly number: number;
  readonly tracklets: readonly TrackletState[];
}

/** Somebody was quicker: the identity as it was seen, those that have its tracklets now, and who made it so. */
export interface StaleIdentity {
  readonly yours: Version;
  readonly current: readonly Version[];
  readonly operation: Told | null;
}

export function staleOf(error: Error | null): StaleIdentity | null {
  const isStale = error instanceof Problem && error.code === "identity-changed";
  return isStale ? (error.extra as unknown as StaleIdentity) : null;
}

type Twin = Pick<TrackletState, "id" | "number" | "camera" | "length" | "first_frame">;

/** Two tracklets that are seen at one time in one camera; handover: the first may end where the second begins. */
export interface Together {
  readonly first: Twin;
  readonly second: Twin;
  readonly handover: boolean;
}

/** Where an edit was refused because of them. */
export function togetherOf(error: Error | null): Together | null {
  if (!(error instanceof Problem) || error.code !== "overlap-in-camera") return null;
  return togetherIn(error.extra);
}

export function togetherIn(extra: Readonly<Record<string, unknown>>): Together | null {
  const [first, second] = (extra.together ?? []) as TrackletState[];
  return first && second ? { first, second, handover: extra.handover === true } : null;
}

/** The same edit on what is there now: once for each identity on which it makes sense, none where nothing is left. */
export function remadeOn(edit: IdentityEdit, current: readonly Version[]): IdentityEdit[] {
  return current.flatMap(({ number, tracklets }): IdentityEdit[] => {
    const seen = { number, tracklets: tracklets.map(({ id }) => id) };
    if (edit.kind === "confirm") return tracklets.length > 1 ? [{ ...edit, seen }] : [];
    if (edit.kind === "merge") return number === edit.other ? [] : [{ ...edit, seen }];
    const out = edit.out.filter((id) => seen.tracklets.includes(id));
    return out.length > 0 && out.length < tracklets.length ? [{ ...edit, seen, out }] : [];
  });
}

/**
 * The number under which an identity goes on, of those that took in others: what a merge made has one of the two; a
 * split may join others elsewhere, and stays what it is about.
 */
export function goesOnAs(edit: IdentityEdit, joined: readonly number[]): number {
  const { number } = edit.seen;
  if (edit.kind !== "merge" || joined.includes(number)) return number;
  return joined.includes(edit.other) ? edit.other : (joined[0] ?? number);
}

/** What an edit does: "Merge identity 12 with 17". */
export function editWords(edit: IdentityEdit): string {
  const { number, tracklets } = edit.seen;
  if (edit.kind === "merge") return `Merge identity ${number} with ${edit.other}`;
  if (edit.kind === "split") return `Split ${counted(edit.out.length, "tracklet")} off identity ${number}`;
  return `Confirm identity ${number}: ${counted(tracklets.length, "tracklet")}, one vehicle`;
}
