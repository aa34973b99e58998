import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";

export interface BoardCommands {
  /** How many rivals have a number key. */
  readonly count: number;
  /** Why there is no board just now. */
  readonly whyNone: string | null;
  /** Why nothing can be stored just now. */
  readonly hindrance: string | null;
  toggle(index: number): void;
  restDifferent(): void;
  store(): void;
  skip(): void;
  nextViews(): void;
}

/** The key of the rival at this place: 1 to 9, then 0. */
export function keyOf(index: number): string {
  return String((index + 1) % 10);
}

/** Everything that can be done with a board, for buttons, keys, palette and the ? sheet alike. */
export function useBoardActions(commands: BoardCommands): void {
  const now = useLatest(commands);
  const { count, hindrance, whyNone } = commands;
  useActions(
    useMemo<Action[]>(() => {
      const act = (id: string, title: string, keys: string, perform: () => void): Action => ({
        id: `board-${id}`,
        title,
        group: "Decide",
        keys,
        oncePerPress: true,
        perform,
        unavailable: whyNone,
      });
      const toggles = Array.from({ length: count }, (_, index) => ({
        ...act(`mark-${index + 1}`, `Mark ${index + 1}: same, different, nothing`, keyOf(index), () =>
          now().toggle(index),
        ),
        keysOnly: true,
      }));
      return [
        ...toggles,
        act("rest", "All others are different", "d", () => now().restDifferent()),
        { ...act("store", "Store the marks", "c", () => now().store()), unavailable: whyNone ?? hindrance },
        act("skip", "Next identity", "arrowright,j", () => now().skip()),
        { ...act("views", "Other views", "v", () => now().nextViews()), group: "Look" },
      ];
    }, [now, count, hindrance, whyNone]),
  );
}
