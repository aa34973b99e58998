import { useCallback, useState } from "react";
import type { PlayerVideo } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { useFrameTimes } from "@/lib/player/getFrameTimes";
import { windowOf } from "../api/getBoxes";
import { boxesOn, boxOf } from "../pieces";
import type { Box, TrackBox } from "../types";
import { useCommit } from "./useCommit";
import { useSelection } from "./useSelection";
import { useBoxWindows, usePendingEdits, useTracks } from "./useTracks";
import { useTransport } from "./useTransport";
import { useUndoRedo } from "./useUndoRedo";

export interface Wanted {
  readonly scene: number;
  readonly run: number | null;
  readonly camera: number;
  readonly video: PlayerVideo;
  readonly clock: SceneClock;
  /** Why nothing may be edited here, or null. */
  readonly locked: string | null;
  readonly number: number | null;
  readonly onNumber: (number: number | null) => void;
}

export type Editor = ReturnType<typeof useEditor>;

/** Everything that the parts of the camera page share: tracklets, boxes, the selection, playing, and the way to edit. */
export function useEditor(wanted: Wanted) {
  const { scene, run, camera, video, clock, number, onNumber } = wanted;
  const timing = useFrameTimes(video.id);
  const times = timing.data;
  const transport = useTransport(clock, video, times);
  const pending = usePendingEdits(run, video.id);
  const { tracks, query } = useTracks(run, video.id, pending);
  const { selected, byId, select } = useSelection(tracks, number, onNumber);
  const [windowIndex, setWindowIndex] = useState(0);
  const lastWindow = windowOf(Math.max(0, transport.frameCount - 1));
  const windows = useBoxWindows(run, video.id, windowIndex, lastWindow, pending);
  const [hovered, setHovered] = useState<number | null>(null);
  const commit = useCommit({ scene, run, video: video.id }, byId);
  const undoing = useUndoRedo(scene, camera, video.id);

  const boxesAt = useCallback(
    (frame: number): readonly TrackBox[] | null => {
      const window = windows.get(windowOf(frame));
      return window ? boxesOn(window.byFrame, frame) : null;
    },
    [windows],
  );
  const boxAt = useCallback(
    (id: number, frame: number): Box | null => boxOf(windows.get(windowOf(frame))?.pieces.get(id), frame),
    [windows],
  );
  return {
    ...{ ...wanted, times, transport, timing, tracks, byId, query, selected, select },
    ...{ hovered, setHovered, setWindowIndex, boxesAt, boxAt, commit, undoing },
  };
}
