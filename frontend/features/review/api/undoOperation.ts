import { answered, api } from "@/lib/api/client";
import type { VerdictGiven } from "../types";

/** Undo an operation; undoing an undo does it again. */
export function undoOperation(operationId: number, key: string): Promise<VerdictGiven> {
  const params = { path: { operation_id: operationId }, header: { "Idempotency-Key": key } };
  return answered(api.POST("/api/v1/operations/{operation_id}/undo", { params }));
}
