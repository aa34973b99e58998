import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";

export const SAVE = "setup-save";
export const NOTHING_CHANGED = "nothing was changed.";
export const CHOOSE_FIRST = "say first whose changes hold.";

/** What is saved on the page, why it cannot be just now, and how. */
export type Saving = Required<Pick<Action, "title" | "unavailable" | "perform">> & { isPending: boolean };

/** Save what was drawn or typed, by the button, Ctrl-S or the palette. */
export function useSaveAction(saving: Saving, isOn: boolean): void {
  const now = useLatest(saving);
  const { title } = saving;
  const unavailable = saving.isPending ? "it is being saved." : saving.unavailable;
  useActions(
    useMemo<Action[]>(() => {
      if (!isOn) return [];
      const shared = {
        id: SAVE,
        title,
        group: "This page",
        keys: "mod+s",
        inFields: true,
        oncePerPress: true,
      };
      return [{ ...shared, unavailable, perform: () => now().perform() }];
    }, [now, isOn, title, unavailable]),
  );
}
