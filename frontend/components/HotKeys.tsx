import { type RefObject, useEffect, useRef } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import type { Action } from "@/lib/actions/action";
import { registry } from "@/lib/actions/registry";
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

/** A panel that belongs to its page says so (`data-page-keys`): the page's keys go on working beside it. */
function isDialogOpen(): boolean {
  return document.querySelector("[role=dialog][aria-modal=true]:not([data-page-keys])") !== null;
}

/** How long after the first key of a sequence the second one still counts. */
const SEQUENCE_MS = 1000;

/** The two-key sequences ("g>s") among `actions`, as they are typed: "g s". */
function sequencesOf(actions: readonly Action[]): ReadonlySet<string> {
  const alternatives = actions.flatMap(({ keys }) => (keys ?? "").split(","));
  return new Set(
    alternatives.filter((keys) => keys.includes(">")).map((keys) => keys.trim().replace(">", " ")),
  );
}

/** Whether the key now pressed ends a sequence: the "s" of "g then s" is not also the key "s". */
function useSequenceEnd(actions: readonly Action[]): RefObject<boolean> {
  const isEnd = useRef(false);
  useEffect(() => {
    const sequences = sequencesOf(actions);
    let last = { key: "", at: Number.NEGATIVE_INFINITY };
    const note = ({ key, timeStamp }: KeyboardEvent): void => {
      if (key === "Shift") return;
      const typed = key.toLowerCase();
      isEnd.current = timeStamp - last.at < SEQUENCE_MS && sequences.has(`${last.key} ${typed}`);
      last = { key: typed, at: timeStamp };
    };
    document.addEventListener("keydown", note, { capture: true });
    return () => document.removeEventListener("keydown", note, { capture: true });
  }, [actions]);
  return isEnd;
}

interface HotKeyProps {
  action: Action;
  keys: string;
  endsSequence: RefObject<boolean>;
}

function HotKey({ action, keys, endsSequence }: HotKeyProps) {
  const perform = ({ repeat }: KeyboardEvent): void => {
    if (repeat && action.oncePerPress) return;
    if (action.inFields || !isDialogOpen()) registry.perform(action);
  };
  useHotkeys(keys, perform, {
    enableOnFormTags: action.inFields ?? false,
    // By what a key types, whatever the keyboard's layout; the space bar only has a place.
    useKey: !keys.includes("space"),
    preventDefault: true,
    ignoreEventWhen: (event) => endsSequence.current || belongsToControl(event),
  });
  return null;
}

/** Listens for the keys of every action that is possible now. */
export function HotKeys() {
  const actions = useAllActions();
  const endsSequence = useSequenceEnd(actions);
  return actions.map((action) =>
    action.keys ? (
      <HotKey key={action.id} action={action} keys={action.keys} endsSequence={endsSequence} />
    ) : null,
  );
}
