import { useCallback, useState } from "react";

/** What belongs to the pair on screen alone: another pair starts with nothing said and its best pictures. */
interface PairState {
  readonly confidence: number | null;
  readonly reason: string;
  /** Which picture of each tracklet is shown large. */
  readonly left: number;
  readonly right: number;
}

const BLANK: PairState = { confidence: null, reason: "", left: 0, right: 0 };

/** The state of the pair called `name`, and how to change it. */
export function usePairState(name: string | null) {
  const [kept, setKept] = useState({ name, ...BLANK });
  const state: PairState = kept.name === name ? kept : BLANK;
  const change = useCallback(
    (changes: Partial<PairState>) =>
      setKept((before) => ({ ...(before.name === name ? before : BLANK), ...changes, name })),
    [name],
  );
  return { state, change };
}
