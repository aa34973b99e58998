import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import type { PlayerCamera } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { SPEEDS } from "../components/TransportBar";

const SECONDS = 5;

interface Inputs {
  clock: SceneClock;
  cameras: readonly PlayerCamera[];
  onStep: (frames: number) => void;
  enlarged: number | null;
  onEnlarge: (camera: number | null) => void;
  onEdit: (camera: number) => void;
  onDeselect: () => void;
}

/** What the keys of a video editor do, and a digit for every camera. */
export function usePlayerActions(inputs: Inputs): void {
  const { clock, cameras, enlarged, onStep, onEnlarge, onEdit, onDeselect } = inputs;
  const actions = useMemo<Action[]>(
    () => [
      ...playing(clock, onStep),
      ...cameras.slice(0, 9).map((camera, index) => ({
        id: `enlarge-${camera.id}`,
        title: `Enlarge ${camera.name}`,
        group: "Cameras",
        keys: String(index + 1),
        perform: () => onEnlarge(camera.id),
      })),
      {
        id: "all-cameras",
        title: "Show all cameras",
        group: "Cameras",
        keys: "0",
        perform: () => onEnlarge(null),
      },
      {
        id: "edit-tracklets",
        title: "Tracklets of the enlarged camera, frame by frame",
        group: "Cameras",
        keys: "e",
        unavailable: enlarged === null ? "enlarge a camera first (1 to 9)." : null,
        perform: () => enlarged !== null && onEdit(enlarged),
      },
      {
        id: "deselect",
        title: "Deselect the identity",
        group: "Cameras",
        keys: "escape",
        perform: onDeselect,
      },
    ],
    [clock, cameras, enlarged, onStep, onEnlarge, onEdit, onDeselect],
  );
  useActions(actions);
}

function playing(clock: SceneClock, onStep: (frames: number) => void): Action[] {
  const action = (
    id: string,
    title: string,
    keys: string,
    perform: () => void,
    keysOnly = false,
  ): Action => ({
    id,
    title,
    group: "Video",
    keys,
    perform,
    keysOnly,
  });
  return [
    action("play", "Play or pause", "space", () => clock.toggle()),
    action("back", "One frame back", "arrowleft", () => onStep(-1), true),
    action("on", "One frame on", "arrowright", () => onStep(1), true),
    action("back-5", "5 seconds back", "shift+arrowleft", () => clock.seek(clock.time - SECONDS), true),
    action("on-5", "5 seconds on", "shift+arrowright", () => clock.seek(clock.time + SECONDS), true),
    action("start", "To the start", "home", () => clock.seek(0)),
    action("end", "To the end", "end", () => clock.seek(clock.state().duration)),
    action("slower", "Slower", "[", () => clock.setRate(nextSpeed(clock.speed, -1))),
    action("faster", "Faster", "]", () => clock.setRate(nextSpeed(clock.speed, 1))),
  ];
}

function nextSpeed(rate: number, by: 1 | -1): number {
  const index = (SPEEDS as readonly number[]).indexOf(rate);
  return SPEEDS[Math.max(0, Math.min(index + by, SPEEDS.length - 1))] ?? 1;
}
