import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";

/** Tracklets with a number key. */
export const MARK_KEYS = 9;

export interface IdentityCommands {
  confirm(): void;
  split(): void;
  merge(): void;
  undo(): void;
  mark(index: number): void;
}

export interface IdentityReasons {
  /** Why it cannot be done just now; null where it can. */
  readonly confirm: string | null;
  readonly split: string | null;
  readonly undo: string | null;
}

/** Everything that can be done with an open identity; `count` tracklets, or 0 where the page has keys of its own. */
export function useIdentityActions(
  commands: IdentityCommands,
  { confirm, split, undo }: IdentityReasons,
  count: number,
): void {
  const now = useLatest(commands);
  useActions(
    useMemo<Action[]>(() => {
      if (count === 0) return [];
      const act = (
        id: string,
        title: string,
        keys: string,
        unavailable: string | null,
        perform: () => void,
      ) => ({
        id: `identity-${id}`,
        title,
        group: "This identity",
        keys,
        oncePerPress: true,
        unavailable,
        perform,
      });
      const marks = Array.from({ length: Math.min(count, MARK_KEYS) }, (_, index) => ({
        ...act(`mark-${index + 1}`, `Mark tracklet ${index + 1}`, String(index + 1), null, () =>
          now().mark(index),
        ),
        keysOnly: true,
      }));
      return [
        ...marks,
        act("split", "Split the marked tracklets off", "s", split, () => now().split()),
        act("merge", "Merge with another identity", "m", null, () => now().merge()),
        act("confirm", "Confirm: one vehicle", "c", confirm, () => now().confirm()),
        act("undo", "Undo the last edit of it", "z", undo, () => now().undo()),
      ];
    }, [now, confirm, split, undo, count]),
  );
}
