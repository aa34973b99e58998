import { answered, api, type Schemas } from "@/lib/api/client";
import { newKey } from "@/lib/newKey";

export type Joined = Schemas["VerdictGiven"];

/** Say that two identities of the run are one vehicle: one operation, one undo. */
export function joinIdentities(sceneId: number, run: number, numbers: number[]): Promise<Joined> {
  const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": newKey() } };
  return answered(api.POST("/api/v1/scenes/{scene_id}/identities/merge", { params, body: { run, numbers } }));
}

/** Take a join back. */
export function takeBack(operation: number): Promise<Joined> {
  const params = { path: { operation_id: operation }, header: { "Idempotency-Key": newKey() } };
  return answered(api.POST("/api/v1/operations/{operation_id}/undo", { params }));
}
