import { useEffect, useState } from "react";
import { nearest } from "../handles";
import type { TrackBox } from "../types";
import type { Drafting } from "./useDraft";
import type { Editor } from "./useEditor";

/** What another tracklet is chosen for. */
export type Picking = "swap" | "duplicate";

/** As many as there are digits. */
const MOST_BY_KEY = 9;

/** Choosing another tracklet for the selected one: by digit, the nearest first, or with the pointer. */
export function usePicking({ transport, selected, select, commit, boxesAt }: Editor, { boxHere }: Drafting) {
  const [picking, setPicking] = useState<Picking | null>(null);
  const id = selected?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is chosen for this tracklet
  useEffect(() => setPicking(null), [id]);

  const candidates = (): TrackBox[] => {
    const frame = transport.frameNow();
    const box = boxHere(frame);
    const others = (boxesAt(frame) ?? []).filter(({ track }) => track !== id);
    return (box ? nearest(others, box) : others).slice(0, MOST_BY_KEY);
  };
  const pick = (other: number): void => {
    if (!selected || !picking || other === selected.id) return;
    setPicking(null);
    if (picking === "swap") commit({ op: "swap", tracklet: selected.id, other, frame: transport.frameNow() });
    else {
      commit({ op: "duplicate", tracklet: selected.id, of: other });
      select(other);
    }
  };
  const begin = (what: Picking): void => {
    transport.clock.pause();
    setPicking(what);
  };
  return { picking, setPicking, begin, candidates, pick };
}
