import { answered, api } from "@/lib/api/client";
import { newKey } from "@/lib/newKey";
import type { IdentityEdit } from "../identityEdit";
import type { VerdictGiven } from "../types";

export function editIdentity(sceneId: number, edit: IdentityEdit): Promise<VerdictGiven> {
  const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": newKey() } };
  const seen = [{ number: edit.seen.number, tracklets: [...edit.seen.tracklets] }];
  switch (edit.kind) {
    case "confirm": {
      const body = { run: edit.run, number: edit.seen.number, seen };
      return answered(api.POST("/api/v1/scenes/{scene_id}/identities/confirm", { params, body }));
    }
    case "merge": {
      const body = { run: edit.run, numbers: [edit.seen.number, edit.other], seen };
      return answered(api.POST("/api/v1/scenes/{scene_id}/identities/merge", { params, body }));
    }
    case "split": {
      const body = { tracklets: [...edit.out], seen };
      return answered(api.POST("/api/v1/scenes/{scene_id}/identities/split", { params, body }));
    }
  }
}
