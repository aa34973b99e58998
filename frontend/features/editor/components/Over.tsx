import { useCallback, useEffect, useRef } from "react";
import { identityColour, SINGLE_CAMERA_COLOUR } from "@/lib/identityColour";
import type { Fit } from "@/lib/player/fit";
import { drawCrosshair, drawMarked, type Marked } from "../draw";
import { useCanvas } from "../hooks/useCanvas";
import type { Commands } from "../hooks/useCommands";
import { boxOfKeys } from "../hooks/useDraft";
import type { Editor } from "../hooks/useEditor";
import { trackName } from "../types";
import classes from "./EditorPicture.module.css";

interface Props {
  editor: Editor;
  commands: Commands;
  fit: Fit;
  pointer: { readonly x: number; readonly y: number } | null;
}

/** Something drawn by hand stands out from every identity. */
const DRAFT_COLOUR = "#ffffff";

/** What is selected, held, pointed at or to be chosen among, above all other boxes: cheap to draw anew. */
export function Over({ editor, commands, fit, pointer }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frames = editor.transport.frames;
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      for (const marked of markedOn(frames.get(), editor, commands)) drawMarked(context, marked, fit);
      if (pointer && commands.drafting.drawing) drawCrosshair(context, pointer.x, pointer.y, width, height);
    },
    [frames, editor, commands, fit, pointer],
  );
  const paint = useCanvas(canvas, draw);
  useEffect(() => frames.subscribe(paint), [frames, paint]);
  return <canvas ref={canvas} className={`${classes.boxes} ${classes.over}`} />;
}

function colourOf(editor: Editor, id: number): string {
  const identity = editor.byId.get(id)?.identity;
  return identity == null ? SINGLE_CAMERA_COLOUR : identityColour(identity);
}

/** In the order in which they are drawn. */
function markedOn(frame: number, editor: Editor, commands: Commands): Marked[] {
  return [
    ...hoveredOn(frame, editor),
    ...candidatesOn(editor, commands),
    ...selectedOn(frame, editor, commands),
    ...drawnOn(frame, commands),
  ];
}

function hoveredOn(frame: number, editor: Editor): Marked[] {
  const { hovered, selected, boxAt, byId } = editor;
  const box = hovered === null || hovered === selected?.id ? null : boxAt(hovered, frame);
  const track = hovered === null ? undefined : byId.get(hovered);
  if (!box || !track) return [];
  const identity = track.identity === null ? "" : ` · ${track.identity}`;
  return [{ box, colour: colourOf(editor, track.id), label: `${trackName(track)}${identity}` }];
}

function candidatesOn(editor: Editor, { picking }: Commands): Marked[] {
  if (!picking.picking) return [];
  return picking.candidates().map(({ track, box }, index) => ({
    box,
    colour: colourOf(editor, track),
    label: `${index + 1}`,
    dashed: true,
  }));
}

function selectedOn(frame: number, editor: Editor, { drafting }: Commands): Marked[] {
  const { selected, boxAt, locked } = editor;
  if (!selected) return [];
  const draft = drafting.draft?.frame === frame ? drafting.draft.box : null;
  const box = draft ?? boxAt(selected.id, frame);
  const identity = selected.identity === null ? "" : ` · ${selected.identity}`;
  const label = `${trackName(selected)}${identity}`;
  const colour = draft ? DRAFT_COLOUR : colourOf(editor, selected.id);
  return box ? [{ box, colour, label, handles: locked === null, dashed: draft !== null }] : [];
}

/** The key of what is drawn, or faintly where it would be. */
function drawnOn(frame: number, { drafting: { drawing, draft } }: Commands): Marked[] {
  if (!drawing) return [];
  const held = draft?.frame === frame ? draft.box : null;
  const key = held ?? drawing.find((one) => one.frame === frame)?.box;
  if (key) return [{ box: key, colour: DRAFT_COLOUR, label: "new", handles: true, dashed: held !== null }];
  const between = boxOfKeys(drawing, frame);
  return between ? [{ box: between, colour: DRAFT_COLOUR, label: "B: a box here", dashed: true }] : [];
}
