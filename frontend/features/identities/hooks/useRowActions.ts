import { useEffect, useMemo, useRef } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";
import { useWhenThere } from "@/lib/useWhenThere";

/**
 * From identity to identity by keys: `open` gets the number of the one to open, and its row. A key that is pressed
 * before `numbers` have come counts when they come; one pressed before the page has followed the last goes on from there.
 */
export function useRowActions(
  numbers: readonly number[] | undefined,
  selected: number | null,
  open: (number: number, row: number) => void,
): void {
  const whenListed = useWhenThere(numbers);
  const reached = useRef(selected);
  useEffect(() => {
    reached.current = selected;
  }, [selected]);
  const step = (by: number): void =>
    whenListed((listed) => {
      const row = nextRow(listed, reached.current, by);
      const number = listed[row];
      if (number === undefined) return;
      reached.current = number;
      open(number, row);
    });
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

/** The row `by` rows further; the first one where none of them is open. */
export function nextRow(numbers: readonly number[], selected: number | null, by: number): number {
  const at = selected === null ? -1 : numbers.indexOf(selected);
  return at < 0 ? 0 : Math.max(0, Math.min(numbers.length - 1, at + by));
}
