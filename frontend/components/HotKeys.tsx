import { useHotkeys } from "react-hotkeys-hook";
import type { Action } from "@/lib/actions/action";
import { useAllActions } from "@/lib/actions/useActions";

/** A focused button has Space and Enter of its own, a slider its arrows, a dialog its keys: they win over hot keys. */
function belongsToControl(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return false;
  if (event.key === " " || event.key === "Enter")
    return target.closest("button, a, summary, [role=button]") !== null;
  if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") {
    return target.closest("[role=slider], [role=menu], [role=listbox], [role=radiogroup]") !== null;
  }
  return false;
}

function isDialogOpen(): boolean {
  return document.querySelector("[role=dialog][aria-modal=true]") !== null;
}

function HotKey({ action, keys }: { action: Action; keys: string }) {
  const perform = (): void => {
    if (action.inFields || !isDialogOpen()) action.perform();
  };
  useHotkeys(keys, perform, {
    enableOnFormTags: action.inFields ?? false,
    // By what a key types, whatever the keyboard's layout; the space bar only has a place.
    useKey: !keys.includes("space"),
    preventDefault: true,
    ignoreEventWhen: belongsToControl,
  });
  return null;
}

/** Listens for the keys of every action that is possible now. */
export function HotKeys() {
  return useAllActions().map((action) =>
    action.keys ? <HotKey key={action.id} action={action} keys={action.keys} /> : null,
  );
}
