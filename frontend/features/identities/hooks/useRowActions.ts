import { useEffect, useMemo, useRef } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";

/** The rows that are there, and whether further ones are on their way. */
export interface Listed {
  readonly numbers: readonly number[] | undefined;
  readonly isMoreComing: boolean;
}

/**
 * From identity to identity by keys: `open` gets the number of the one to open, and its row. A key that is pressed
 * before its row has come counts when it comes; one pressed before the page has followed the last goes on from there.
 */
export function useRowActions(
  listed: Listed,
  selected: number | null,
  open: (number: number, row: number) => void,
): void {
  const waiting = useRef<readonly number[]>([]);
  const reached = useRef(selected);
  /** What was opened and the page does not show yet. */
  const asked = useRef<(number | null)[]>([]);
  useEffect(() => {
    const followed = asked.current.lastIndexOf(selected);
    asked.current.splice(0, followed < 0 ? asked.current.length : followed + 1);
    if (followed < 0) reached.current = selected;
  }, [selected]);

  function goOn(): void {
    const { at, waits } = walked(listed, reached.current, waiting.current);
    waiting.current = waits;
    if (at === null || at === reached.current) return;
    reached.current = at;
    asked.current.push(at);
    open(at, listed.numbers?.indexOf(at) ?? 0);
  }
  const goingOn = useLatest(goOn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: keys wait for the rows
  useEffect(() => goingOn()(), [goingOn, listed.numbers, listed.isMoreComing]);

  function step(by: number): void {
    waiting.current = [...waiting.current, by];
    goOn();
  }
  const now = useLatest(step);
  useActions(
    useMemo<Action[]>(
      () => [
        {
          id: "identity-next",
          title: "Open the next identity",
          group: "Identities",
          keys: "j",
          perform: () => now()(1),
        },
        {
          id: "identity-previous",
          title: "Open the identity before",
          group: "Identities",
          keys: "k",
          perform: () => now()(-1),
        },
      ],
      [now],
    ),
  );
}

/** Where the steps lead from `from`, and those that wait for rows that are on their way. */
export function walked({ numbers, isMoreComing }: Listed, from: number | null, steps: readonly number[]) {
  let at = from;
  for (const [done, by] of steps.entries()) {
    const next = numbers?.[nextRow(numbers, at, by)];
    const isBeyond = next === undefined || (by > 0 && next === at);
    if (!numbers || (isMoreComing && isBeyond)) return { at, waits: steps.slice(done) };
    at = next ?? at;
  }
  return { at, waits: [] };
}

/** The row `by` rows further; the first one where none of them is open. */
export function nextRow(numbers: readonly number[], selected: number | null, by: number): number {
  const at = selected === null ? -1 : numbers.indexOf(selected);
  return at < 0 ? 0 : Math.max(0, Math.min(numbers.length - 1, at + by));
}
