import { useCallback, useMemo } from "react";
import { useParams, useSearchParams } from "react-router";

/** A positive whole number of an address, or null. */
export function wholeNumber(text: string | null | undefined): number | null {
  return text && /^\d+$/.test(text) ? Number(text) : null;
}

export interface SceneView {
  readonly sceneId: number;
  /** The run asked for; null: the one that the scene shows. */
  readonly run: number | null;
  readonly identity: number | null;
  readonly camera: number | null;
  /** A tracklet's number within its video. */
  readonly track: number | null;
  readonly time: number;
  readonly change: (changes: Record<string, number | string | null>) => void;
}

/** What is looked at, kept in the address: it survives a reload and can be sent to someone. */
export function useSceneView(): SceneView {
  const sceneId = wholeNumber(useParams().sceneId) ?? 0;
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (changes: Record<string, number | string | null>) => {
      const changed = (before: URLSearchParams): URLSearchParams => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) after.delete(name);
          else after.set(name, String(value));
        }
        return after;
      };
      setSearch(changed, { replace: true });
    },
    [setSearch],
  );
  return useMemo(
    () => ({
      sceneId,
      run: wholeNumber(search.get("run")),
      identity: wholeNumber(search.get("identity")),
      camera: wholeNumber(search.get("camera")),
      track: wholeNumber(search.get("track")),
      time: Number.parseFloat(search.get("t") ?? "") || 0,
      change,
    }),
    [sceneId, search, change],
  );
}
