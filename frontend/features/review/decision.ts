import type { Pair, VerdictRequest } from "./types";

/** What is kept of a decision until the server has it: what is sent, and the pair, to show it again. */
export interface Decision {
  readonly pair: Pair;
  readonly body: VerdictRequest;
}
