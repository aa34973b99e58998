import type { Entry } from "@/lib/outbox";
import { type Decision, isBoard } from "./decision";
import { pairKey } from "./queue";
import type { Pair } from "./types";

const MOST_REMEMBERED = 200;

/** What a tab remembers of the decisions that are stored: when, and which pair an operation was about. */
export class Ledger {
  private readonly storedAt = new Map<string, number>();
  private readonly pairs = new Map<number, Pair>();

  /** A verdict on `pair` is stored as `operation`. */
  stored(pair: Pair, operation: number, now: number): void {
    this.storedAt.set(pairKey(pair), now);
    this.pairs.set(operation, pair);
    const oldest = this.pairs.keys().next();
    if (this.pairs.size > MOST_REMEMBERED && !oldest.done) this.pairs.delete(oldest.value);
  }

  /** The operation is undone: its pair is open again. */
  undone(operation: number): void {
    const pair = this.pairs.get(operation);
    if (pair) this.storedAt.delete(pairKey(pair));
  }

  pairOf(operation: number): Pair | null {
    return this.pairs.get(operation) ?? null;
  }

  /** Pairs whose answer is on its way or was stored at or after `askedAt`, less those being taken back. */
  decidedSince(askedAt: number, entries: readonly Entry<Decision>[]): ReadonlySet<string> {
    const takenBack = new Set(
      entries.flatMap((entry) => (entry.kind === "undo" && entry.of ? [entry.of] : [])),
    );
    const pending = entries.flatMap((entry) =>
      entry.kind === "decision" && entry.state !== "refused" && !takenBack.has(entry.key)
        ? namesOf(entry.decision)
        : [],
    );
    const lately = [...this.storedAt].flatMap(([key, at]) => (at >= askedAt ? [key] : []));
    return new Set([...pending, ...lately]);
  }
}

/** The pairs that a decision answers. */
function namesOf(decision: Decision): string[] {
  if (!isBoard(decision)) return [pairKey(decision.pair)];
  return decision.body.answers.flatMap(({ left, right }) => [`${left}-${right}`, `${right}-${left}`]);
}
