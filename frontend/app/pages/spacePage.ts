import { useCallback, useMemo } from "react";
import { type NavigateFunction, useNavigate } from "react-router";
import { useGround } from "@/features/map/api/getGround";
import { useCameras } from "@/features/scenes/api/getCameras";
import { useScene } from "@/features/scenes/api/getScene";
import { useDiagram } from "@/features/timeline/api/getDiagram";
import type { Bars } from "@/features/timeline/bars";
import { density, wholeOf } from "@/features/timeline/bars";
import type { Span } from "@/lib/plot/span";
import { playerCameras, sceneEnd } from "./playerCameras";
import type { SceneView } from "./sceneView";

const BINS = 240;
const INTO_FRAME_S = 0.002;

/** From the start of the scene to its last video's or tracklet's end. */
export function sceneSpan(cameras: Parameters<typeof playerCameras>[0], bars: Bars): Span {
  const found = wholeOf(bars);
  return { from: Math.min(0, found.from), to: Math.max(sceneEnd(playerCameras(cameras)), found.to) };
}

/** How many vehicles are in view along `whole`. */
export function useDensity(bars: Bars, whole: Span): Float64Array {
  return useMemo(() => density(bars, whole, BINS), [bars, whole]);
}

/** Ways from here to the videos and to the identity's page. */
export function useWays(view: SceneView): {
  watch: (time: number, camera: number) => void;
  openIdentity: (number: number) => void;
} {
  const navigate = useNavigate();
  const { sceneId, run, identity } = view;
  const watch = useCallback(
    (time: number, camera: number) =>
      go(navigate, `/scenes/${sceneId}`, { t: time + INTO_FRAME_S, camera, identity, run }),
    [navigate, sceneId, identity, run],
  );
  const openIdentity = useCallback(
    (number: number) => go(navigate, `/scenes/${sceneId}/identities`, { identity: number, run }),
    [navigate, sceneId, run],
  );
  return { watch, openIdentity };
}

function go(navigate: NavigateFunction, path: string, query: Record<string, number | null>): void {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null) search.set(name, String(value));
  void navigate(`${path}?${search}`);
}

/** What the diagram and the map are drawn from: the scene, its cameras on the ground, and the run's bars. */
export function useSpace({ sceneId, run }: SceneView) {
  const scene = useScene(sceneId);
  const cameras = useCameras(sceneId);
  const ground = useGround(sceneId);
  const runId = run ?? scene.data?.current_run?.id ?? null;
  const diagram = useDiagram(runId);
  const failed = [scene, cameras, ground, diagram].find(({ isError, data }) => isError && !data);
  return {
    ...{ scene: scene.data, cameras: cameras.data, ground: ground.data, bars: diagram.data, runId },
    problem: failed && { error: failed.error, retry: () => void failed.refetch() },
  };
}
