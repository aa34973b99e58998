import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { registry } from "@/lib/actions/registry";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";
import { neighbour } from "../filter";
import { firstFrame, lastFrame } from "../types";
import type { Commands } from "./useCommands";
import type { Editor } from "./useEditor";
import { BOXES_COMING, type Reasons, useReasons } from "./useReasons";

/** What the actions need, as it is when one is performed. */
export interface Desk {
  readonly editor: Editor;
  readonly commands: Commands;
  /** Ids of the tracklets in the list, in its order. */
  readonly listed: readonly number[];
  readonly goTo: () => void;
  readonly search: () => void;
  readonly zoom: () => void;
  readonly focusField: (name: "category" | "colour" | "note") => void;
}

type Now = () => Desk;
type Make = (id: string, title: string, keys: string, perform: () => void, more?: Partial<Action>) => Action;

function maker(group: string): Make {
  return (id, title, keys, perform, more = {}) => ({
    id: `track-${id}`,
    title,
    group,
    ...(keys ? { keys } : {}),
    perform,
    ...more,
  });
}

const KEYS_ONLY = { keysOnly: true } as const;
const ONCE = { oncePerPress: true } as const;

/** Everything that can be done on the camera page, for buttons, keys, palette and the ? sheet alike. */
export function useEditorActions(desk: Desk): void {
  const now = useLatest(desk);
  const { editor, commands } = desk;
  const reasons = useReasons(editor.transport.frames, editor.selected, editor.locked);
  const { whyNoUndo, whyNoRedo } = editor.undoing;
  const isDrawing = commands.drafting.drawing !== null;
  const isPicking = commands.picking.picking !== null;
  const isHolding = isDrawing || commands.drafting.draft !== null;
  const isLooping = editor.transport.loop !== null;
  const reasonsKey = JSON.stringify(reasons);
  const actions = useMemo(() => {
    const why = JSON.parse(reasonsKey) as Reasons;
    return [
      ...videoActions(now),
      ...selectActions(now, why, isLooping),
      ...editActions(now, why),
      ...boxActions(now, why, isDrawing),
      ...modeActions(now, isHolding, isPicking),
      ...undoActions(now, why.edit ?? whyNoUndo, why.edit ?? whyNoRedo),
    ];
  }, [now, reasonsKey, isDrawing, isHolding, isPicking, isLooping, whyNoUndo, whyNoRedo]);
  useActions(actions);
}

function videoActions(now: Now): Action[] {
  const action = maker("Video");
  const transport = () => now().editor.transport;
  const step = (by: number) => () => {
    now().commands.drafting.flush();
    transport().step(by);
  };
  return [
    action("play", "Play or pause", "space", () => transport().toggle()),
    action("back", "One frame back", "arrowleft", step(-1), KEYS_ONLY),
    action("on", "One frame on", "arrowright", step(1), KEYS_ONLY),
    action("back-10", "10 frames back", "shift+arrowleft", step(-10), KEYS_ONLY),
    action("on-10", "10 frames on", "shift+arrowright", step(10), KEYS_ONLY),
    action(
      "shuttle-back",
      "Play backwards, faster with every press",
      "j",
      () => transport().shuttle.back(),
      ONCE,
    ),
    action("shuttle-stop", "Stop", "k", () => transport().shuttle.stop(), ONCE),
    action("shuttle-on", "Play on, faster with every press", "l", () => transport().shuttle.on(), ONCE),
    action("start", "To the first frame", "home", () => transport().seek(0)),
    action("end", "To the last frame", "end", () => transport().seek((times) => times.length - 1)),
    action("go-to", "Go to a frame or time", "f", () => now().goTo()),
    action("zoom", "Close to the tracklet, or the whole picture", "z", () => now().zoom(), ONCE),
  ];
}

function selectActions(now: Now, why: Reasons, isLooping: boolean): Action[] {
  const action = maker("Select");
  const onFrame = (by: 1 | -1) => () => {
    const { editor } = now();
    const boxes = editor.boxesAt(editor.transport.frameNow());
    const ids = [...(boxes ?? [])].sort((a, b) => a.box[0] - b.box[0]).map(({ track }) => track);
    const next = neighbour(ids, editor.selected?.id ?? null, by);
    if (next !== null) editor.select(next);
    else registry.tell(boxes ? "No tracklet is on this frame." : BOXES_COMING);
  };
  const inList = (by: 1 | -1) => () => {
    const { editor, listed } = now();
    const next = neighbour(listed, editor.selected?.id ?? null, by);
    if (next !== null) show(editor, next);
    else registry.tell(editor.query.data ? "The list is empty." : "The tracklets are still coming.");
  };
  const needsOne = { unavailable: why.chosen };
  const to = (end: typeof firstFrame) => () => {
    const { selected, transport } = now().editor;
    if (selected) transport.seek(end(selected));
  };
  return [
    action("next-here", "Next tracklet on this frame", "arrowdown", onFrame(1)),
    action("previous-here", "Tracklet before on this frame", "arrowup", onFrame(-1)),
    action("next", "Next tracklet of the list", "shift+arrowdown", inList(1)),
    action("previous", "Tracklet before in the list", "shift+arrowup", inList(-1)),
    action("to-start", "To the tracklet's first frame", "pageup", to(firstFrame), needsOne),
    action("to-end", "To the tracklet's last frame", "pagedown", to(lastFrame), needsOne),
    action("loop", "Play the tracklet over and over", "o", () => toggleLoop(now().editor), {
      ...ONCE,
      unavailable: isLooping ? null : why.chosen,
    }),
    action("search", "Search the list", "/", () => now().search()),
    action("cancel", "Leave off: what is begun, then the selection", "escape", () => now().commands.cancel()),
  ];
}

/** Select a tracklet and, where it is not on screen, go to where it begins. */
export function show(editor: Editor, id: number): void {
  const track = editor.byId.get(id);
  const frame = editor.transport.frameNow();
  editor.select(id);
  if (track && (frame < firstFrame(track) || frame > lastFrame(track)))
    editor.transport.seek(firstFrame(track));
}

function toggleLoop({ selected, transport }: Editor): void {
  if (transport.loop || !selected) {
    transport.setLoop(null);
    return;
  }
  transport.setLoop({ first: firstFrame(selected), last: lastFrame(selected) });
  transport.seek(firstFrame(selected));
  transport.clock.play();
}

function editActions(now: Now, why: Reasons): Action[] {
  const edit = maker("Edit");
  const command = () => now().commands;
  const needs = (unavailable: string | null) => ({ ...ONCE, unavailable });
  return [
    edit(
      "split",
      "Split here: this frame begins a new tracklet",
      "s",
      () => command().split(),
      needs(why.split),
    ),
    edit("trim-start", "Begin here: drop what is before", "q", () => command().trimStart(), needs(why.trim)),
    edit("trim-end", "End here: drop what comes after", "w", () => command().trimEnd(), needs(why.trim)),
    edit(
      "swap",
      "Swap with another from here on",
      "x",
      () => command().picking.begin("swap"),
      needs(why.one),
    ),
    edit("move", "Move to another identity", "m", () => command().setMoving(true), needs(why.one)),
    edit(
      "duplicate",
      "Mark as duplicate of another",
      "u",
      () => command().picking.begin("duplicate"),
      needs(why.one),
    ),
    edit("hide", "Hide: it is no vehicle", "h", () => command().hide(), needs(why.one)),
    edit("type", "Set the type", "t", () => now().focusField("category"), needs(why.one)),
    edit("colour", "Set the colour", "c", () => now().focusField("colour"), needs(why.one)),
    edit("note", "Write a note", "n", () => now().focusField("note"), needs(why.one)),
  ];
}

function boxActions(now: Now, why: Reasons, isDrawing: boolean): Action[] {
  const box = maker("Boxes");
  const command = () => now().commands;
  const needed = isDrawing ? null : why.one;
  const nudge = (x: number, y: number, isSize: boolean) => () => command().drafting.nudge(x, y, isSize);
  const arrows = (keys: string, isSize: boolean) =>
    (
      [
        ["arrowleft", -1, 0],
        ["arrowright", 1, 0],
        ["arrowup", 0, -1],
        ["arrowdown", 0, 1],
      ] as const
    ).map(([arrow, x, y]) => ({ keys: `${keys}+${arrow}`, perform: nudge(x, y, isSize), isSize, arrow }));
  return [
    box("draw", "Draw a new tracklet", "d", () => command().draw(), { ...ONCE, unavailable: why.edit }),
    box("add-box", "Put a box on this frame", "b", () => command().drafting.add(), {
      ...ONCE,
      unavailable: needed,
    }),
    box("delete-box", "Delete the box of this frame", "delete", () => command().deleteBox(), {
      ...ONCE,
      unavailable: why.box,
    }),
    box(
      "interpolate",
      "Interpolate to the box changed last, or across the gap",
      "e",
      () => command().interpolate(),
      {
        ...ONCE,
        unavailable: why.one,
      },
    ),
    ...[...arrows("alt", false), ...arrows("alt+shift", true)].map(({ keys, perform, isSize, arrow }) =>
      box(`${isSize ? "size" : "nudge"}-${arrow}`, `${isSize ? "Size" : "Move"} the box`, keys, perform, {
        ...KEYS_ONLY,
        unavailable: needed,
      }),
    ),
  ];
}

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Only while something is begun. */
function modeActions(now: Now, isHolding: boolean, isPicking: boolean): Action[] {
  const action = maker("Begun");
  const save = action(
    "save",
    "Put the box down, or finish the drawing",
    "enter",
    () => now().commands.save(),
    ONCE,
  );
  const digits = DIGITS.map((digit) =>
    action(`pick-${digit}`, `Choose ${digit}`, String(digit), () => pickByDigit(now(), digit), KEYS_ONLY),
  );
  return [...(isHolding ? [save] : []), ...(isPicking ? digits : [])];
}

function pickByDigit({ editor, commands: { picking } }: Desk, digit: number): void {
  const chosen = picking.candidates()[digit - 1];
  if (chosen) picking.pick(chosen.track);
  else
    registry.tell(editor.boxesAt(editor.transport.frameNow()) ? `There is no ${digit} here.` : BOXES_COMING);
}

function undoActions(now: Now, whyNoUndo: string | null, whyNoRedo: string | null): Action[] {
  const action = maker("Edit");
  const undoing = () => now().editor.undoing;
  return [
    action("undo", "Undo my last edit of this camera", "mod+z", () => undoing().undo(), {
      unavailable: whyNoUndo,
    }),
    action("redo", "Redo", "mod+shift+z,mod+y", () => undoing().redo(), {
      unavailable: whyNoRedo,
    }),
  ];
}
