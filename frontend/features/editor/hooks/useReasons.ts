import { useSyncExternalStore } from "react";
import type { FrameStore } from "../frameStore";
import { covers } from "../spans";
import { firstFrame, lastFrame, type Track } from "../types";

/** Why something cannot be done just now; null: it can. */
export interface Reasons {
  readonly edit: string | null;
  /** Needs a selected tracklet, to look at. */
  readonly chosen: string | null;
  /** Needs a selected tracklet, to change it. */
  readonly one: string | null;
  readonly split: string | null;
  readonly trim: string | null;
  readonly box: string | null;
}

type Where = "none" | "gap" | "box" | "start" | "before" | "after";

function whereIs(track: Track | null, frame: number): Where {
  if (!track) return "none";
  if (frame <= firstFrame(track)) return frame < firstFrame(track) ? "before" : "start";
  if (frame > lastFrame(track)) return "after";
  return covers(track.spans, frame) ? "box" : "gap";
}

export const BOXES_COMING = "The boxes of this frame are still coming.";
const SELECT = "select a tracklet first (click its box, or ↓).";

/** Reasons for a tracklet on the frame on screen. Changes only where a reason does, not with every frame. */
export function useReasons(frames: FrameStore, selected: Track | null, locked: string | null): Reasons {
  const where = useSyncExternalStore(frames.subscribe, () => whereIs(selected, frames.get()));
  const chosen = selected ? null : SELECT;
  const one = locked ?? chosen;
  const outside = where === "before" || where === "after";
  const within = "go to a frame inside it first (Page up, Page down).";
  return {
    edit: locked,
    chosen,
    one,
    split: one ?? (outside || where === "start" ? "go to a frame after its first one." : null),
    trim: one ?? (outside ? within : null),
    box: one ?? (outside || where === "gap" ? "it has no box on this frame (B puts one here)." : null),
  };
}
