/** What Ctrl-Z and Ctrl-Y mean: the way back through one's own edits, and forth again. */

export interface Done {
  readonly id: number;
  readonly kind: string;
  readonly inverse_of: { readonly id: number } | null;
  readonly undone_by: object | null;
  readonly changes: readonly { readonly before: readonly At[]; readonly after: readonly At[] }[];
}

interface At {
  readonly camera: { readonly id: number };
}

/** The operations, newest first, after one more: what it took back is marked so. */
export function withNewest<Operation extends Done & { readonly number: number }>(
  operations: readonly Operation[],
  newest: Operation,
): Operation[] {
  const others = operations.filter(({ id }) => id !== newest.id);
  const by = { id: newest.id, number: newest.number };
  return [
    newest,
    ...others.map((one) => (one.id === newest.inverse_of?.id ? { ...one, undone_by: by } : one)),
  ];
}

/** The operations that changed tracklets of a camera. */
export function inCamera<Operation extends Done>(
  operations: readonly Operation[],
  camera: number,
): Operation[] {
  return operations.filter(({ changes }) =>
    changes.some(({ before, after }) => [...before, ...after].some((one) => one.camera.id === camera)),
  );
}

/** Whether an operation does something, as against taking something back: an undo of an undo does. */
function does(operation: Done, operations: readonly Done[]): boolean {
  if (operation.kind !== "undo") return true;
  const inverted = operations.find(({ id }) => id === operation.inverse_of?.id);
  return inverted !== undefined && !does(inverted, operations);
}

/** What to undo next: the newest that still counts. `operations` are newest first. */
export function nextUndo<Operation extends Done>(operations: readonly Operation[]): Operation | null {
  return operations.find((one) => one.undone_by === null && does(one, operations)) ?? null;
}

/** What to undo to do something again: the newest undo that counts, unless something new was done since. */
export function nextRedo<Operation extends Done>(operations: readonly Operation[]): Operation | null {
  for (const one of operations) {
    if (one.kind !== "undo" && one.undone_by === null) return null;
    if (one.kind === "undo" && one.undone_by === null && !does(one, operations)) return one;
  }
  return null;
}
