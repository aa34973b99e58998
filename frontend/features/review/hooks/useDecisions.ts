import { createContext, useContext, useSyncExternalStore } from "react";
import type { Entry, Outbox } from "@/lib/outbox";
import type { Decision } from "../decision";
import type { Pair } from "../types";

/** The decisions of the person who is signed in: those on their way, and what this tab remembers of stored ones. */
export interface Decisions {
  readonly person: number;
  readonly outbox: Outbox<Decision>;
  /** Names of the pairs that an answer of the server, asked for at `askedAt`, may still hold as undecided. */
  decidedSince(askedAt: number): ReadonlySet<string>;
  /** The pair of a stored operation, to show it again; null if this tab does not remember it. */
  pairOf(operation: number): Pair | null;
}

export const DecisionsContext = createContext<Decisions | null>(null);

export function useDecisions(): Decisions {
  const decisions = useContext(DecisionsContext);
  if (!decisions) throw new Error("useDecisions needs a DecisionSender around it");
  return decisions;
}

export function useEntries(): readonly Entry<Decision>[] {
  const { outbox } = useDecisions();
  return useSyncExternalStore(outbox.subscribe, outbox.entries);
}
