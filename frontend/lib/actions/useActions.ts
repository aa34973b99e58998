import { useLayoutEffect, useRef, useSyncExternalStore } from "react";
import type { Action } from "./action";
import { registry } from "./registry";

/** Offer `actions` while the calling component is on screen. Memoise the list: a new one replaces the old one. */
export function useActions(actions: readonly Action[]): void {
  const owner = useRef(Symbol("actions"));
  // Before it is painted: whoever sees a key's cap can press the key.
  useLayoutEffect(() => {
    const key = owner.current;
    registry.put(key, actions);
    return () => registry.remove(key);
  }, [actions]);
}

/** All actions that are possible now. */
export function useAllActions(): readonly Action[] {
  return useSyncExternalStore(registry.subscribe, registry.actions);
}
