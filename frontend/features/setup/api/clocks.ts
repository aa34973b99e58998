import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type ClockOffset = Schemas["ClockOffset"];

/** How far clocks are apart, as confirmed matches of the run tell. */
export function useClockOffsets(runId: number | null) {
  return useQuery({
    queryKey: ["clock-offsets", runId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/runs/{run_id}/clock-offsets", { params: { path: { run_id: runId ?? 0 } }, signal }),
      ),
    enabled: runId !== null,
  });
}

export interface Shift {
  readonly camera: number;
  readonly version: number;
  readonly seconds: number;
}

/** Say that everything of a camera happened so much later. All times that are shown change with it. */
export function useShiftClock() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ camera, version, seconds }: Shift) =>
      answered(
        api.POST("/api/v1/cameras/{camera_id}/setup/clock", {
          params: { path: { camera_id: camera }, header: { "If-Match": `"${version}"` } },
          body: { seconds },
        }),
      ),
    onSuccess: () => queries.invalidateQueries(),
  });
}
