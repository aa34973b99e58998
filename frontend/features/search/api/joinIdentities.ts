import { answered, api, type Schemas } from "@/lib/api/client";
import { newKey } from "@/lib/newKey";

export type Joined = Schemas["VerdictGiven"];

/** An identity as a person saw it: its number and the ids of its tracklets. */
export interface Seen {
  readonly number: number;
  readonly tracklets: readonly number[];
}

/**
 * Say that two identities of the run are one vehicle: one operation, one undo. Refused where somebody has changed the
 * `seen` one meanwhile.
 */
export function joinIdentities(
  sceneId: number,
  run: number,
  numbers: number[],
  seen: Seen | null,
): Promise<Joined> {
  const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": newKey() } };
  const known = seen === null ? {} : { seen: [{ ...seen, tracklets: [...seen.tracklets] }] };
  const body = { run, numbers, ...known };
  return answered(api.POST("/api/v1/scenes/{scene_id}/identities/merge", { params, body }));
}

/** Take a join back. */
export function takeBack(operation: number): Promise<Joined> {
  const params = { path: { operation_id: operation }, header: { "Idempotency-Key": newKey() } };
  return answered(api.POST("/api/v1/operations/{operation_id}/undo", { params }));
}
