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

/** Where letters are typed, or choose among options. */
const FIELDS =
  "input, textarea, select, [contenteditable], [role=searchbox], [role=textbox], [role=spinbutton], [role=slider], [role=menuitem], [role=option], [role=radio]";

function isInField({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest(FIELDS) !== null;
}

/** The two-key sequences ("g>s") among `actions`, as they are typed: "g s". */
function sequencesOf(actions: readonly Action[]): ReadonlyMap<string, Action> {
  return new Map(
    actions.flatMap((action) =>
      alternatives(action)
        .filter(isSequence)
        .map((keys) => [keys.replace(">", " "), action] as const),
    ),
  );
}

function alternatives({ keys }: Action): string[] {
  return (keys ?? "").split(",").map((key) => key.trim());
}

function isSequence(keys: string): boolean {
  return keys.includes(">");
}

/**
 * Performs sequences, by when their keys were pressed: the page may be busy, and what can be done may change, between
 * the two. Returns whether the key now pressed ends one: the "s" of "g then s" is not also the key "s".
 */
function useSequences(actions: readonly Action[]): RefObject<boolean> {
  const isEnd = useRef(false);
  const last = useRef({ key: "", at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    const sequences = sequencesOf(actions);
    const note = (event: KeyboardEvent): void => {
      if (event.key === "Shift" || event.repeat) return;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !isInField(event);
      const typed = isPlain ? event.key.toLowerCase() : "";
      const isSoon = event.timeStamp - last.current.at < SEQUENCE_MS;
      const action = isSoon ? sequences.get(`${last.current.key} ${typed}`) : undefined;
      isEnd.current = action !== undefined;
      last.current = { key: typed, at: event.timeStamp };
      if (!action || isDialogOpen()) return;
      event.preventDefault();
      registry.perform(action);
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
  const endsSequence = useSequences(actions);
  return actions.map((action) => {
    const keys = alternatives(action).filter((key) => key !== "" && !isSequence(key));
    return keys.length > 0 ? (
      <HotKey key={action.id} action={action} keys={keys.join(",")} endsSequence={endsSequence} />
    ) : null;
  });
}
