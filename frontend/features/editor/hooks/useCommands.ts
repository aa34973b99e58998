import { useState } from "react";
import { registry } from "@/lib/actions/registry";
import { gapAround } from "../spans";
import type { Span, Track } from "../types";
import { provisionalId } from "./useCommit";
import { type Drafting, useDraft } from "./useDraft";
import type { Editor } from "./useEditor";
import { usePicking } from "./usePicking";

/** A car: what most are, and quickly changed. */
const USUAL_CATEGORY = 3;

export type Commands = ReturnType<typeof useCommands>;

export interface Description {
  readonly category?: number;
  readonly colour?: string;
  readonly note?: string;
}

/** What can be done with tracklets on the frame that one looks at. */
export function useCommands(editor: Editor) {
  const { transport, selected, select, commit } = editor;
  const drafting = useDraft(editor);
  const picking = usePicking(editor, drafting);
  const [isMoving, setMoving] = useState(false);
  const now = (): number => transport.frameNow();
  const withSelected = (perform: (track: Track) => void): void => {
    drafting.flush();
    if (selected) perform(selected);
  };
  return {
    ...{ drafting, picking, isMoving, setMoving, withSelected },
    split: () =>
      withSelected(({ id }) => {
        const part = provisionalId();
        commit({ op: "split", id: part, tracklet: id, frame: now() });
        select(part);
      }),
    trimStart: () => withSelected(({ id }) => commit({ op: "trim", tracklet: id, first_frame: now() })),
    trimEnd: () => withSelected(({ id }) => commit({ op: "trim", tracklet: id, last_frame: now() })),
    hide: () => withSelected(({ id }) => commit({ op: "hide", tracklet: id })),
    deleteBox: () =>
      withSelected(({ id }) => commit({ op: "boxes", tracklet: id, boxes: [{ frame: now(), box: null }] })),
    move: (number: number | null) => withSelected(({ id }) => commit({ op: "move", tracklet: id, number })),
    describe: (said: Description) =>
      withSelected(({ id }) => commit({ op: "attributes", tracklet: id, ...said })),
    interpolate: () => withSelected((track) => interpolate(editor, drafting, track)),
    ...drawingCommands(editor, drafting, picking),
  };
}

/** Across the gap that one looks at, or between the box changed last and the one here. */
function interpolate({ transport, boxAt, commit }: Editor, drafting: Drafting, { id, spans }: Track): void {
  const frame = transport.frameNow();
  const from = drafting.changedFrame();
  const between: Span | null =
    from !== null && from !== frame && boxAt(id, frame)
      ? [Math.min(from, frame), Math.max(from, frame)]
      : null;
  const range = gapAround(spans, frame) ?? between;
  if (range) commit({ op: "interpolate", tracklet: id, first_frame: range[0], last_frame: range[1] });
  else registry.tell("Change a box, go to another frame and change it there too; or go to a frame in a gap.");
}

function drawingCommands(
  { transport, select, commit, video }: Editor,
  drafting: Drafting,
  picking: ReturnType<typeof usePicking>,
) {
  const { drawing, setDrawing, draft, setDraft, flush } = drafting;
  return {
    draw: () => {
      transport.clock.pause();
      select(null);
      setDrawing([]);
    },
    /** Put down what is moved, or finish what is drawn. */
    save: () => {
      if (draft) flush();
      else if (drawing?.length === 0) registry.tell("Drag a box around the vehicle first, or press B.");
      else if (drawing) {
        const made = provisionalId();
        commit({ op: "create", id: made, video: video.id, category: USUAL_CATEGORY, keys: drawing });
        setDrawing(null);
        select(made);
      }
    },
    cancel: () => {
      if (draft) setDraft(null);
      else if (picking.picking) picking.setPicking(null);
      else if (drawing) setDrawing(null);
      else select(null);
    },
  };
}
