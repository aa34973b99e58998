import { answered, api } from "@/lib/api/client";
import type { VerdictGiven, VerdictRequest } from "../types";

/** Store a verdict; the key makes it one verdict however often it is sent. */
export function sendVerdict(sceneId: number, key: string, body: VerdictRequest): Promise<VerdictGiven> {
  const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": key } };
  return answered(api.POST("/api/v1/scenes/{scene_id}/verdicts", { params, body }));
}
