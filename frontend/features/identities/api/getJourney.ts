import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Journey = Schemas["Journey"];
export type Leg = Schemas["Leg"];

/** An identity's way from camera to camera, with what no vehicle can have done. */
export function useJourney(runId: number | null, number: number | null) {
  return useQuery({
    queryKey: ["identity", runId, number, "journey"],
    enabled: runId !== null && number !== null,
    queryFn: ({ signal }) => {
      const path = { run_id: runId ?? 0, number: number ?? 0 };
      return answered(
        api.GET("/api/v1/runs/{run_id}/identities/{number}/journey", { params: { path }, signal }),
      );
    },
  });
}
