import { useEffect, useRef, useState } from "react";
import { registry } from "@/lib/actions/registry";
import type { Key } from "../edits";
import { dragged } from "../handles";
import { interpolated } from "../pieces";
import { gapAround } from "../spans";
import { type Box, firstFrame, lastFrame, type Track } from "../types";
import type { Size } from "../view";
import type { Editor } from "./useEditor";
import { BOXES_COMING } from "./useReasons";

/** A box that is moved but not yet put down. */
export interface Draft {
  readonly frame: number;
  readonly box: Box;
}

/** A box that is put where there is none has this share of the picture's sides. */
const FIRST_BOX_SHARE = 0.1;

export type Drafting = ReturnType<typeof useDraft>;

/** Moving a box, and drawing a tracklet box by box: nothing is an edit before the box is put down. */
export function useDraft({ transport, selected, commit, boxAt, boxesAt, video }: Editor) {
  const [drawing, setDrawing] = useState<readonly Key[] | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const changed = useRef<{ number: number | null; frame: number } | null>(null);
  const id = selected?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a draft belongs to the tracklet that it was begun with
  useEffect(() => setDraft(null), [id]);

  const put = (frame: number, box: Box): void => {
    setDraft(null);
    if (drawing) setDrawing(withKey(drawing, { frame, box }));
    else if (selected) {
      changed.current = { number: selected.number, frame };
      commit({ op: "boxes", tracklet: selected.id, boxes: [{ frame, box }] });
    }
  };
  /** The box that can be moved on a frame: the draft, a key of what is drawn, or the selected tracklet's. */
  const boxHere = (frame: number): Box | null => {
    if (draft?.frame === frame) return draft.box;
    if (drawing) return drawing.find((key) => key.frame === frame)?.box ?? null;
    return selected ? boxAt(selected.id, frame) : null;
  };
  const nudge = (x: number, y: number, isSize: boolean): void => {
    const frame = transport.frameNow();
    const box = boxHere(frame);
    const grip = isSize ? ({ x: x ? 1 : 0, y: y ? 1 : 0 } as const) : ({ x: 0, y: 0 } as const);
    if (box) setDraft({ frame, box: dragged(box, grip, x, y, video) });
    else if (drawing || boxesAt(frame))
      registry.tell("There is no box on this frame to move: B puts one here.");
    else registry.tell(BOXES_COMING);
  };
  const add = (): void => {
    const frame = transport.frameNow();
    // Before the boxes of the frame are there nobody can tell whether it has one: a new one could lie on top.
    if (!drawing && !boxesAt(frame)) {
      registry.tell(BOXES_COMING);
      return;
    }
    const box = drawing ? boxOfKeys(drawing, frame) : selected && boxNear(selected, frame, boxAt);
    put(frame, box ?? middleBox(video));
  };
  const flush = (): void => {
    if (draft) put(draft.frame, draft.box);
  };
  /** The other end of what was changed last in the selected tracklet. */
  const changedFrame = (): number | null =>
    changed.current && changed.current.number === selected?.number ? changed.current.frame : null;
  return { drawing, setDrawing, draft, setDraft, put, boxHere, nudge, add, flush, changedFrame };
}

function withKey(keys: readonly Key[], key: Key): Key[] {
  return [...keys.filter(({ frame }) => frame !== key.frame), key].sort((a, b) => a.frame - b.frame);
}

/** Where what is drawn would be on a frame: between its keys, or as on the nearest one. */
export function boxOfKeys(keys: readonly Key[], frame: number): Box | null {
  const line = interpolated(keys.map((key) => [key.frame, key.box] as const));
  const on = line.find(([at]) => at === frame)?.[1];
  const end = frame < (keys[0]?.frame ?? 0) ? keys[0] : keys.at(-1);
  return on ?? end?.box ?? null;
}

type BoxAt = (id: number, frame: number) => Box | null;

/** A box for a frame where a tracklet has none: on the line across the gap, else as on its nearest end. */
function boxNear(track: Track, frame: number, boxAt: BoxAt): Box | null {
  const own = boxAt(track.id, frame);
  if (own) return own;
  const gap = gapAround(track.spans, frame);
  if (!gap) return boxAt(track.id, frame > lastFrame(track) ? lastFrame(track) : firstFrame(track));
  const [left, right] = [boxAt(track.id, gap[0]), boxAt(track.id, gap[1])];
  if (!left || !right) return left ?? right;
  const line = interpolated([
    [gap[0], left],
    [gap[1], right],
  ]);
  return line.find(([at]) => at === frame)?.[1] ?? left;
}

function middleBox({ width, height }: Size): Box {
  const [x, y] = [(width * FIRST_BOX_SHARE) / 2, (height * FIRST_BOX_SHARE) / 2];
  return [width / 2 - x, height / 2 - y, width / 2 + x, height / 2 + y];
}
