import { answered, api } from "@/lib/api/client";
import { newKey } from "@/lib/newKey";
import type { VerdictGiven } from "../types";

/** An edit of a whole identity of the run that a scene shows: many verdicts, one operation, one undo. */
export type IdentityEdit =
  | { readonly kind: "confirm"; readonly run: number; readonly number: number }
  | { readonly kind: "merge"; readonly run: number; readonly numbers: number[] }
  | { readonly kind: "split"; readonly tracklets: number[] };

export function editIdentity(sceneId: number, edit: IdentityEdit): Promise<VerdictGiven> {
  const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": newKey() } };
  switch (edit.kind) {
    case "confirm": {
      const body = { run: edit.run, number: edit.number };
      return answered(api.POST("/api/v1/scenes/{scene_id}/identities/confirm", { params, body }));
    }
    case "merge": {
      const body = { run: edit.run, numbers: edit.numbers };
      return answered(api.POST("/api/v1/scenes/{scene_id}/identities/merge", { params, body }));
    }
    case "split": {
      const body = { tracklets: edit.tracklets };
      return answered(api.POST("/api/v1/scenes/{scene_id}/identities/split", { params, body }));
    }
  }
}
