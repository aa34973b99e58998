/** A value with its past: every change can be taken back. Changes with one tag in a row, as of a drag, are one. */
export interface Undoable<Value> {
  readonly now: Value;
  readonly past: readonly Value[];
  readonly tag: string | null;
}

export function beginning<Value>(now: Value): Undoable<Value> {
  return { now, past: [], tag: null };
}

export function changed<Value>(
  history: Undoable<Value>,
  now: Value,
  tag: string | null = null,
): Undoable<Value> {
  const goesOn = tag !== null && tag === history.tag;
  return { now, past: goesOn ? history.past : [...history.past, history.now], tag };
}

export function undone<Value>(history: Undoable<Value>): Undoable<Value> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { now: before, past: history.past.slice(0, -1), tag: null };
}
