import { useElementSize } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import type { Box } from "../types";
import { closeTo, fitOf, panned, type View, wholeView, zoomed } from "../view";

export type Viewport = ReturnType<typeof useViewport>;

const WHEEL_PX = 400;

/** Zoom and place of the picture in its area. */
export function useViewport(video: PlayerVideo) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [view, setView] = useState<View>(() => wholeView(video));
  useEffect(() => setView(wholeView(video)), [video]);
  const area = useMemo(() => ({ width: Math.max(width, 1), height: Math.max(height, 1) }), [width, height]);
  const fit = useMemo(() => fitOf(view, video, area), [view, video, area]);
  const zoomAt = useCallback(
    (wheel: number, x: number, y: number) =>
      setView((before) => zoomed(before, 2 ** (-wheel / WHEEL_PX), x, y, video, area)),
    [video, area],
  );
  const pan = useCallback(
    (dx: number, dy: number) => setView((before) => panned(before, dx, dy, video, area)),
    [video, area],
  );
  /** Close to a box; back to the whole picture where it is close already, or there is no box. */
  const toggle = useCallback(
    (box: Box | null) =>
      setView((before) => (box && before.zoom === 1 ? closeTo(box, video, area) : wholeView(video))),
    [video, area],
  );
  return { ref, area, fit, isZoomed: view.zoom > 1, zoomAt, pan, toggle };
}
