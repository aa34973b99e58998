/**
 * The pairs that a person holds, in the order of the queue, and the one on screen. A pair on screen never changes under
 * the person's fingers: what the server answers meanwhile only touches the pairs that come after it.
 */

interface Held {
  readonly left: { readonly id: number };
  readonly right: { readonly id: number };
}

/** A pair's name: its two tracklets. */
export function pairKey({ left, right }: Held): string {
  return `${left.id}-${right.id}`;
}

export interface Queue<P extends Held> {
  readonly pairs: readonly P[];
  /** Index of the pair on screen; meaningless while there is none. */
  readonly at: number;
}

export const EMPTY: Queue<never> = { pairs: [], at: 0 };

export function onScreen<P extends Held>(queue: Queue<P>): P | null {
  return queue.pairs[queue.at] ?? null;
}

/** The next pairs after the one on screen: their pictures are fetched ahead. */
export function coming<P extends Held>(queue: Queue<P>, count: number): readonly P[] {
  return queue.pairs.slice(queue.at + 1, queue.at + 1 + count);
}

function within(at: number, count: number): number {
  return Math.max(0, Math.min(at, count - 1));
}

/** The server's present list, less the pairs that are `decided` already; the one on screen stays where it is. */
export function refilled<P extends Held>(
  queue: Queue<P>,
  fresh: readonly P[],
  decided: ReadonlySet<string>,
): Queue<P> {
  const open = fresh.filter((pair) => !decided.has(pairKey(pair)));
  const shown = onScreen(queue);
  if (!shown) return { pairs: open, at: within(queue.at, open.length) };
  const place = open.findIndex((pair) => pairKey(pair) === pairKey(shown));
  if (place >= 0) return { pairs: open.with(place, shown), at: place };
  const at = Math.min(queue.at, open.length);
  return { pairs: open.toSpliced(at, 0, shown), at };
}

/** Without the pair that has been answered: the one after it takes its place. */
export function answered<P extends Held>(queue: Queue<P>, key: string): Queue<P> {
  const place = queue.pairs.findIndex((pair) => pairKey(pair) === key);
  if (place < 0) return queue;
  const pairs = queue.pairs.toSpliced(place, 1);
  return { pairs, at: within(place < queue.at ? queue.at - 1 : queue.at, pairs.length) };
}

/** With a pair whose answer was taken back, on screen again. */
export function returned<P extends Held>(queue: Queue<P>, pair: P): Queue<P> {
  const rest = answered(queue, pairKey(pair));
  return { pairs: rest.pairs.toSpliced(rest.at, 0, pair), at: rest.at };
}

/** On screen: the pair `by` places further. */
export function moved<P extends Held>(queue: Queue<P>, by: number): Queue<P> {
  return { ...queue, at: within(queue.at + by, queue.pairs.length) };
}
