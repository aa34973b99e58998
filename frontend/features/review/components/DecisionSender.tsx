import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { Problem } from "@/lib/api/problem";
import { type Entry, Outbox, type Stored } from "@/lib/outbox";
import { useOutbox } from "@/lib/useOutbox";
import { leaseKey } from "../api/leasePairs";
import { sendBoard } from "../api/sendBoard";
import { sendVerdict } from "../api/sendVerdict";
import { undoOperation } from "../api/undoOperation";
import { type Decision, isBoard } from "../decision";
import { type Decisions, DecisionsContext } from "../hooks/useDecisions";
import { Ledger } from "../ledger";
import { noteStored } from "../storedDecision";
import type { VerdictGiven } from "../types";

interface Props {
  /** Who decides: another person's decisions are never sent in this one's name. */
  person: number;
  /** The session ended in the middle of sending. */
  onSignedOut: () => void;
  children: ReactNode;
}

/** Sends the decisions of the person who is signed in, on whatever page they are, until the server has them all. */
export function DecisionSender({ person, onSignedOut, children }: Props) {
  const queries = useQueryClient();
  const decisions = useMemo(() => decisionsOf(person, queries, onSignedOut), [person, queries, onSignedOut]);
  useOutbox(decisions.outbox);
  return <DecisionsContext value={decisions}>{children}</DecisionsContext>;
}

function decisionsOf(person: number, queries: QueryClient, onSignedOut: () => void): Decisions {
  const ledger = new Ledger();
  const send = async (entry: Entry<Decision>): Promise<Stored<Decision>> => {
    try {
      const given = await sent(entry);
      if (entry.kind === "undo") ledger.undone(entry.operation ?? 0);
      else if (!isBoard(entry.decision)) ledger.stored(entry.decision.pair, given.operation.id, Date.now());
      noteStored(queries, entry.scene, given);
      return { operation: given.operation.id };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401 || error.code === "csrf-failed") onSignedOut();
      // Something is not as this page thinks: another run is shown, or somebody was quicker.
      if (error.status === 409) void queries.invalidateQueries({ queryKey: leaseKey(entry.scene) });
      throw error;
    }
  };
  const outbox = new Outbox<Decision>(window.sessionStorage, `crosstrack-decisions-${person}`, send);
  return {
    person,
    outbox,
    decidedSince: (askedAt) => ledger.decidedSince(askedAt, outbox.entries()),
    pairOf: (operation) => ledger.pairOf(operation),
  };
}

function sent(entry: Entry<Decision>): Promise<VerdictGiven> {
  if (entry.kind === "undo") return undoOperation(entry.operation ?? 0, entry.key);
  const { decision } = entry;
  if (isBoard(decision)) return sendBoard(entry.scene, entry.key, decision.body);
  return sendVerdict(entry.scene, entry.key, decision.body);
}
