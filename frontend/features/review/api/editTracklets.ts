import { answered, api } from "@/lib/api/client";
import { newKey } from "@/lib/newKey";
import type { VerdictGiven } from "../types";

/** What is done to a tracklet here: it is a second box on another one's vehicle, or is shown after all. */
export type TrackletEdit =
  | { readonly op: "duplicate"; readonly tracklet: number; readonly of: number }
  | { readonly op: "unhide"; readonly tracklet: number };

export function editTracklet(sceneId: number, run: number, edit: TrackletEdit): Promise<VerdictGiven> {
  const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": newKey() } };
  return answered(api.POST("/api/v1/scenes/{scene_id}/edits", { params, body: { run, edits: [edit] } }));
}
