import { useElementSize } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import type { Fit } from "@/lib/player/fit";
import type { Box } from "../types";
import { closeTo, fitOf, panned, type View, ViewStore, wholeView, zoomed } from "../view";

export type Viewport = ReturnType<typeof useViewport>;

const WHEEL_PX = 400;

/** Zoom and place of the picture in its area. Only who asks for its fit is rendered anew while it moves. */
export function useViewport(video: PlayerVideo) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [views] = useState(() => new ViewStore(wholeView(video)));
  useEffect(() => views.set(wholeView(video)), [views, video]);
  const area = useMemo(() => ({ width: Math.max(width, 1), height: Math.max(height, 1) }), [width, height]);
  const zoomAt = useCallback(
    (wheel: number, x: number, y: number) =>
      views.set(zoomed(views.get(), 2 ** (-wheel / WHEEL_PX), x, y, video, area)),
    [views, video, area],
  );
  const pan = useCallback(
    (dx: number, dy: number) => views.set(panned(views.get(), dx, dy, video, area)),
    [views, video, area],
  );
  /** Close to a box; back to the whole picture where it is close already, or there is no box. */
  const toggle = useCallback(
    (box: Box | null) =>
      views.set(box && views.get().zoom === 1 ? closeTo(box, video, area) : wholeView(video)),
    [views, video, area],
  );
  return { ref, video, area, views, zoomAt, pan, toggle };
}

/** Where the picture lies in its area, at every moment. */
export function useFit({ views, video, area }: Viewport): Fit {
  const view = useSyncExternalStore<View>(views.subscribe, views.get);
  return useMemo(() => fitOf(view, video, area), [view, video, area]);
}
