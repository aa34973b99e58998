import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type Setup = Schemas["CameraSetup"];

/** A camera's region of interest and calibration, with the version that changes are based on. */
export function useSetup(cameraId: number) {
  return useQuery({
    queryKey: ["setup", cameraId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/cameras/{camera_id}/setup", { params: { path: { camera_id: cameraId } }, signal }),
      ),
    // While somebody draws, the version stays the one that they began with.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
    meta: { isDrawnOn: true },
  });
}
