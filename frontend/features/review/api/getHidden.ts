import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import type { TrackletState } from "../identityEdit";

export type Hidden = Schemas["Hidden"] & { readonly tracklet: TrackletState };

export function hiddenKey(sceneId: number): readonly unknown[] {
  return ["hidden", sceneId];
}

/** Tracklets of the scene's run that people hid or called duplicates, the last hidden first. */
export function useHidden(sceneId: number) {
  return useQuery({
    queryKey: hiddenKey(sceneId),
    queryFn: async ({ signal }) => {
      const params = { path: { scene_id: sceneId } };
      return (await answered(api.GET("/api/v1/scenes/{scene_id}/hidden", { params, signal }))) as Hidden[];
    },
    refetchInterval: 15_000,
  });
}
