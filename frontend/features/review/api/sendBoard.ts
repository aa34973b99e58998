import { answered, api } from "@/lib/api/client";
import type { BoardAnswers, VerdictGiven } from "../types";

/** Store all answers of a board as one operation; the key makes it one however often it is sent. */
export function sendBoard(sceneId: number, key: string, body: BoardAnswers): Promise<VerdictGiven> {
  const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": key } };
  return answered(api.POST("/api/v1/scenes/{scene_id}/verdicts/bulk", { params, body }));
}
