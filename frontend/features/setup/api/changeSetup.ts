import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import type { Setup } from "./getSetup";

export type Pairs = Schemas["PairsRequest"];

/** Changes of a camera's set-up. Each is based on the version that the page has read; the answer is the new one. */
export function useChangeSetup(sceneId: number, setup: Setup) {
  const queries = useQueryClient();
  const params = {
    path: { camera_id: setup.camera },
    header: { "If-Match": `"${setup.version}"` },
  };
  const onSuccess = async (changed: Setup): Promise<void> => {
    queries.setQueryData(["setup", setup.camera], changed);
    await Promise.all(
      ["cameras", "ground"].map((name) => queries.invalidateQueries({ queryKey: [name, sceneId] })),
    );
  };
  const region = useMutation({
    mutationFn: (polygons: number[][][]) =>
      answered(api.PUT("/api/v1/cameras/{camera_id}/setup/region", { params, body: { polygons } })),
    onSuccess,
  });
  const calibrate = useMutation({
    mutationFn: (body: Pairs) =>
      answered(api.PUT("/api/v1/cameras/{camera_id}/setup/calibration", { params, body })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: () => answered(api.DELETE("/api/v1/cameras/{camera_id}/setup/calibration", { params })),
    onSuccess,
  });
  return { region, calibrate, remove };
}
