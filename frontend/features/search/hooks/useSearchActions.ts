import { useEffect, useMemo, useRef } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";

export interface SearchCommands {
  /** By rows and columns of the grid. */
  move(rows: number, columns: number): void;
  join(): void;
  undo(): void;
  findSimilar(): void;
  watch(): void;
  bringPicture(): void;
}

export interface SearchReasons {
  /** Why nothing can be joined just now; null where it can. */
  readonly join: string | null;
  readonly undo: string | null;
  /** Why nothing can be done with a result. */
  readonly selected: string | null;
}

/** Everything that can be done with what was found, for buttons, keys, palette and the ? sheet alike. */
export function useSearchActions(commands: SearchCommands, reasons: SearchReasons): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const { join, undo, selected } = reasons;
  const actions = useMemo(() => {
    const step = (id: string, title: string, keys: string, rows: number, columns: number): Action => ({
      id: `search-${id}`,
      title,
      group: "Results",
      keys,
      keysOnly: true,
      unavailable: selected,
      perform: () => latest.current.move(rows, columns),
    });
    const act = (
      id: string,
      title: string,
      keys: string,
      name: keyof SearchCommands,
      reason: string | null,
    ): Action => ({
      id: `search-${id}`,
      title,
      group: "Search",
      keys,
      oncePerPress: true,
      unavailable: reason,
      perform: () => (latest.current[name] as () => void)(),
    });
    return [
      act("join", "The same vehicle: join to the identity", "enter,j", "join", join),
      act("undo", "Undo the last join", "z", "undo", undo),
      act("similar", "Search with this result", "f", "findSimilar", selected),
      act("watch", "Watch this result", "w", "watch", selected),
      act("picture", "Search with a picture", "p", "bringPicture", null),
      step("left", "Result before", "arrowleft", 0, -1),
      step("right", "Next result", "arrowright", 0, 1),
      step("up", "Result above", "arrowup", -1, 0),
      step("down", "Result below", "arrowdown", 1, 0),
    ];
  }, [join, undo, selected]);
  useActions(actions);
}
