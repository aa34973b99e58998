import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";

/** From identity to identity by keys: `open` gets the number of the one to open, and its row. */
export function useRowActions(
  numbers: readonly number[],
  selected: number | null,
  open: (number: number, row: number) => void,
): void {
  const step = (by: number): void => {
    const row = nextRow(numbers, selected, by);
    const number = numbers[row];
    if (number !== undefined) open(number, row);
  };
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
