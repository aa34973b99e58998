import { createContext, useContext, useSyncExternalStore } from "react";
import type { Entry, Outbox } from "@/lib/outbox";
import type { TrackEdit } from "../trackEdit";

/** The edits of the person who is signed in, and what became of the ids that the page knew. */
export interface Edits {
  readonly person: number;
  readonly outbox: Outbox<TrackEdit>;
  /** The tracklet that `id` goes on as, among those that are shown. */
  resolve(id: number, isShown: (id: number) => boolean): number;
}

export const EditsContext = createContext<Edits | null>(null);

export function useEdits(): Edits {
  const edits = useContext(EditsContext);
  if (!edits) throw new Error("useEdits needs an EditSender around it");
  return edits;
}

export function useEditEntries(): readonly Entry<TrackEdit>[] {
  const { outbox } = useEdits();
  return useSyncExternalStore(outbox.subscribe, outbox.entries);
}
