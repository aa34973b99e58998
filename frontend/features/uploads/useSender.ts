import { useEffect, useMemo, useSyncExternalStore } from "react";
import { isSending, sender } from "./sender";
import type { Sending } from "./types";

/** The files of a scene that this tab sends. While it sends, leaving asks first. */
export function useSender(sceneId: number): readonly Sending[] {
  const all = useSyncExternalStore(sender.subscribe, sender.items);
  const busy = isSending(all);
  useEffect(() => {
    if (!busy) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [busy]);
  return useMemo(() => all.filter(({ scene }) => scene === sceneId), [all, sceneId]);
}
