import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type LabelExport = Schemas["LabelExport"];

const LIVE_MS = 1000;

/** The scene's last exports; asked for every second while one is under way. */
export function useLabelExports(sceneId: number) {
  return useQuery({
    queryKey: ["label-exports", sceneId],
    queryFn: ({ signal }) => {
      const params = { path: { scene_id: sceneId } };
      return answered(api.GET("/api/v1/scenes/{scene_id}/label-exports", { params, signal }));
    },
    refetchInterval: ({ state }) => (state.data?.results.some(isUnderWay) ? LIVE_MS : 15_000),
  });
}

export function isUnderWay({ job_state }: Pick<LabelExport, "job_state">): boolean {
  return job_state === "queued" || job_state === "running";
}
