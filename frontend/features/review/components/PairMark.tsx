import type { Pair, ReviewState } from "../types";
import classes from "./PairMark.module.css";

/** The kinds of pairs of the queue; each has a shape of its own. */
export const KINDS = {
  contradiction: { mark: "⚠", word: "Contradictions", one: "Contradiction" },
  uncertain: { mark: "◐", word: "Uncertain", one: "Uncertain" },
  likely_same: { mark: "●", word: "Likely same", one: "Likely the same" },
  likely_different: { mark: "○", word: "Likely different", one: "Likely different" },
} as const;

export type KindName = keyof typeof KINDS;

/** The kinds in the order of the queue, each with the name of its count. */
export const COUNTS = [
  ["contradiction", "contradictions"],
  ["uncertain", "uncertain"],
  ["likely_same", "likely_same"],
  ["likely_different", "likely_different"],
] as const satisfies readonly [KindName, keyof ReviewState["counts"]][];

export function kindOf({ kind, chance }: Pick<Pair, "kind" | "chance">): KindName {
  if (kind !== "likely") return kind;
  return (chance ?? 0) >= 0.5 ? "likely_same" : "likely_different";
}

export function PairMark({ pair }: { pair: Pair }) {
  const kind = kindOf(pair);
  return (
    <span className={classes.mark} data-kind={kind}>
      <span aria-hidden="true">{KINDS[kind].mark}</span> {KINDS[kind].one}
      <span className={classes.joined}>{pair.joined ? "joined now" : "apart now"}</span>
    </span>
  );
}
