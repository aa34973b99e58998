import { useEffect, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { lengthOf, type Span } from "@/lib/plot/span";
import { SpanStore, useStillSpan } from "@/lib/plot/spanStore";
import type { SceneView } from "./sceneView";

function spanIn(search: URLSearchParams): Span | null {
  const from = Number.parseFloat(search.get("from") ?? "");
  const to = Number.parseFloat(search.get("to") ?? "");
  return from < to ? { from, to } : null;
}

/** The time that is looked at, of `from`..`to` as the address says: diagram and map share it, and a link carries it. */
export function useTimeSpan(from: number, to: number): SpanStore {
  const [search] = useSearchParams();
  // The address is read once, and written from then on.
  const [asked] = useState(() => spanIn(search));
  return useMemo(() => new SpanStore({ from, to }, asked ?? { from, to }), [from, to, asked]);
}

/** Keep the address up with what is looked at. */
export function useSpanInAddress(store: SpanStore, change: SceneView["change"]): void {
  const span = useStillSpan(store);
  useEffect(() => {
    const isWhole = lengthOf(span) >= lengthOf(store.read().whole);
    change({ from: isWhole ? null : span.from.toFixed(2), to: isWhole ? null : span.to.toFixed(2) });
  }, [span, store, change]);
}
