import { answered, api, type Schemas } from "@/lib/api/client";
import { newKey } from "@/lib/newKey";
import type { VerdictGiven } from "../types";

/** One of several edits, as the server takes it. */
export type TrackletEdit = Schemas["TrackletEditRequest"];

interface Body {
  readonly run: number;
  /** Done in this order, or none of them. */
  readonly edits: readonly TrackletEdit[];
  readonly reason?: string | undefined;
}

export function editTracklets(sceneId: number, { run, edits, reason }: Body): Promise<VerdictGiven> {
  const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": newKey() } };
  const body = { run, edits: [...edits], ...(reason ? { reason } : {}) };
  return answered(api.POST("/api/v1/scenes/{scene_id}/edits", { params, body }));
}
