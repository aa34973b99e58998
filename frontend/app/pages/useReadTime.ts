import { useCallback } from "react";
import type { Scene } from "@/features/scenes/api/getScene";
import { sceneTime } from "@/lib/format";

/** Scene seconds as the scene's people read them: wall-clock time in its time zone where its start is known. */
export function useReadTime(scene: Scene | undefined): (seconds: number) => string {
  const startsAt = scene?.starts_at ?? null;
  const zone = scene?.time_zone ?? "UTC";
  return useCallback((seconds: number) => sceneTime(seconds, startsAt, zone), [startsAt, zone]);
}
