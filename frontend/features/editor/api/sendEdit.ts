import { answered, api, type Schemas } from "@/lib/api/client";
import type { Edit } from "../edits";
import type { TrackEdit } from "../trackEdit";

export type EditGiven = Schemas["VerdictGiven"];
export type Operation = Schemas["Operation"];

/** An edit as the server takes it: what only the page knows is left out. */
function body(edit: Edit) {
  if (!("id" in edit)) return edit;
  const { id: _, ...rest } = edit;
  return rest;
}

/** Store edits as one operation; the key makes them happen once, however often they are sent. */
export function sendEdit(scene: number, key: string, { run, edits }: TrackEdit): Promise<EditGiven> {
  const params = { path: { scene_id: scene }, header: { "Idempotency-Key": key } };
  const sent = { run, edits: edits.map(body) } as Schemas["EditsRequestRequest"];
  return answered(api.POST("/api/v1/scenes/{scene_id}/edits", { params, body: sent }));
}

/** Undo an operation; undoing an undo does it again. */
export function undoEdit(operation: number, key: string): Promise<EditGiven> {
  const params = { path: { operation_id: operation }, header: { "Idempotency-Key": key } };
  return answered(api.POST("/api/v1/operations/{operation_id}/undo", { params }));
}
