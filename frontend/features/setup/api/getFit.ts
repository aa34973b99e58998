import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import type { Pairs } from "./changeSetup";

export type Fit = Schemas["Fit"];

/** What these pairs make of the camera, as they are now; nothing is kept. Null: there is nothing to fit yet. */
export function useFit(cameraId: number, pairs: Pairs | null) {
  return useQuery({
    queryKey: ["fit", cameraId, pairs],
    queryFn: ({ signal }) =>
      answered(
        api.POST("/api/v1/cameras/{camera_id}/setup/calibration/fit", {
          params: { path: { camera_id: cameraId } },
          body: pairs as Pairs,
          signal,
        }),
      ),
    enabled: pairs !== null,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 10_000,
  });
}
