import type { BoardAnswers, Pair, VerdictRequest } from "./types";

/** What is kept of an answer about a pair until the server has it: what is sent, and the pair, to show it again. */
export interface PairDecision {
  readonly pair: Pair;
  readonly body: VerdictRequest;
}

/** All answers on the board of one identity: one operation. */
export interface BoardDecision {
  /** Number of the identity. */
  readonly board: number;
  readonly body: BoardAnswers;
}

export type Decision = PairDecision | BoardDecision;

export function isBoard(decision: Decision): decision is BoardDecision {
  return "board" in decision;
}
