import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";

export interface MapCommands {
  /** About the middle of what is shown. */
  zoom(factor: number): void;
  /** By shares of what is shown: right and down are positive. */
  pan(right: number, down: number): void;
  all(): void;
  deselect(): void;
}

const STEP = 0.15;
const NEARER = 1.4;

/** The keys of the map: nearer, farther, along, all of it. */
export function useMapActions(commands: MapCommands, isOn: boolean): void {
  const now = useLatest(commands);
  useActions(
    useMemo<Action[]>(() => {
      if (!isOn) return [];
      const act = (
        id: string,
        title: string,
        keys: string,
        perform: () => void,
        keysOnly = false,
      ): Action => ({
        id: `map-${id}`,
        title,
        group: "Map",
        keys,
        keysOnly,
        perform,
      });
      return [
        act("nearer", "Nearer", "=", () => now().zoom(NEARER)),
        act("farther", "Farther", "-", () => now().zoom(1 / NEARER)),
        act("all", "All of the map", "0", () => now().all()),
        act("left", "To the left", "arrowleft", () => now().pan(-STEP, 0), true),
        act("right", "To the right", "arrowright", () => now().pan(STEP, 0), true),
        act("up", "Up", "arrowup", () => now().pan(0, -STEP), true),
        act("down", "Down", "arrowdown", () => now().pan(0, STEP), true),
        act("deselect", "Deselect", "escape", () => now().deselect()),
      ];
    }, [now, isOn]),
  );
}
