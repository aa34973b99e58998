import { useMemo, useState } from "react";
import { beginning, changed, type Undoable, undone } from "../history";

/** What is drawn on: a version of something that is stored. */
interface Versioned {
  readonly version: number;
}

/** How a draft is made of what is stored, and when two of them say the same. */
export interface Drafting<Base, Draft> {
  readonly draftOf: (base: Base) => Draft;
  readonly isSame: (one: Draft, other: Draft) => boolean;
}

interface State<Base, Draft> {
  readonly base: Base;
  readonly history: Undoable<Draft>;
  /** What was sent last: where that comes back, nobody else has changed anything. */
  readonly sent: Draft | null;
}

/**
 * What somebody draws, on the version that they began with. A newer one that comes in takes its place only where
 * nothing is lost by it: else it is `newer`, and the draft stays until one of the two is taken. `stored` is one object
 * for as long as it says the same.
 */
export function useDraft<Base extends Versioned, Draft>(stored: Base, drafting: Drafting<Base, Draft>) {
  const [state, setState] = useState<State<Base, Draft>>(() => begun(stored, drafting));
  const followed = following(state, stored, drafting);
  if (followed !== state) setState(followed);
  const { base, history } = followed;
  const { draftOf, isSame } = drafting;
  const kept = useMemo(() => draftOf(base), [base, draftOf]);
  const put = (next: Undoable<Draft>): void => setState((before) => ({ ...before, history: next }));
  return {
    base,
    kept,
    draft: history.now,
    isChanged: !isSame(history.now, kept),
    newer: base.version === stored.version ? null : stored,
    canUndo: history.past.length > 0,
    change: (next: Draft, tag: string | null = null) =>
      setState((before) => ({ ...before, history: changed(before.history, next, tag) })),
    undo: () => put(undone(history)),
    /** This much of the draft is on its way to the server. */
    send: (sent: Draft) => setState((before) => ({ ...before, sent })),
    takeTheirs: () => setState(begun(stored, drafting)),
    /** The draft is to take the place of what is stored now. */
    takeMine: () => setState((before) => ({ ...before, base: stored })),
  };
}

function begun<Base, Draft>(base: Base, { draftOf }: Drafting<Base, Draft>): State<Base, Draft> {
  return { base, history: beginning(draftOf(base)), sent: null };
}

/** The state on what is stored now, where that takes nothing away; else the state as it is. */
function following<Base extends Versioned, Draft>(
  state: State<Base, Draft>,
  stored: Base,
  drafting: Drafting<Base, Draft>,
): State<Base, Draft> {
  const { base, history, sent } = state;
  if (stored === base) return state;
  if (stored.version === base.version) return { ...state, base: stored };
  const { draftOf, isSame } = drafting;
  const [before, after] = [draftOf(base), draftOf(stored)];
  if ([before, after].some((draft) => isSame(history.now, draft))) return begun(stored, drafting);
  const isOwn = isSame(before, after) || (sent !== null && isSame(sent, after));
  return isOwn ? { ...state, base: stored } : state;
}
