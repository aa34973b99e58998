import type { Operation } from "./types";

const WORDS: Record<Operation["kind"], string> = {
  verdict: "",
  merge: "merged identities",
  split: "split tracklets off",
  confirm: "confirmed an identity",
  create: "drew a tracklet",
  split_track: "split a tracklet",
  swap: "swapped two tracklets",
  trim: "trimmed a tracklet",
  hide: "hid a tracklet",
  unhide: "showed a tracklet again",
  duplicate: "marked a duplicate",
  boxes: "changed boxes",
  interpolate: "interpolated boxes",
  attributes: "described a tracklet",
  move: "moved a tracklet",
  bulk: "did several edits",
  undo: "took back",
};

/** What kind of operation it was, where its verdicts alone do not say so. */
export function kindWords({ kind, about, inverse_of, redo, summary }: Operation): string {
  if (summary) return summary;
  const first = about ?? inverse_of;
  if (kind !== "undo" || !first) return WORDS[kind];
  return `${redo ? "did again" : WORDS.undo} #${first.number}`;
}

/** What takes an operation back: what is done, or done again, is undone; what is taken back is done again. */
export function wayBack({ kind, redo }: Operation): "Undo" | "Redo" {
  return kind === "undo" && !redo ? "Redo" : "Undo";
}

/** The verdicts of an operation that are shown in a row, and how many more it has: an edit of whole identities has many. */
export function shownVerdicts(
  { verdicts }: Operation,
  most: number,
): { shown: Operation["verdicts"]; more: number } {
  const shown = verdicts.slice(0, most);
  return { shown, more: verdicts.length - shown.length };
}

/** What to undo to do something again: the newest of what is taken back, unless something new was done since. */
export function redoable(done: readonly Operation[], takenBack: Operation | undefined): Operation | null {
  const latest = done.find(({ kind }) => kind !== "undo");
  return takenBack && (latest?.number ?? 0) < takenBack.number ? takenBack : null;
}
