import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { Upload } from "../types";

function isMoving(uploads: readonly Upload[] | undefined): boolean {
  return uploads?.some(({ state }) => state === "receiving" || state === "checking") ?? false;
}

/** The newest uploads of a scene; asked for often while one moves. */
export function useUploads(sceneId: number) {
  return useQuery({
    queryKey: ["uploads", sceneId],
    queryFn: async ({ signal }) => {
      const asked = { params: { path: { scene_id: sceneId }, query: { limit: 100 } }, signal };
      return (await answered(api.GET("/api/v1/scenes/{scene_id}/uploads", asked))).results;
    },
    refetchInterval: (query) => (isMoving(query.state.data) ? 2000 : 10_000),
  });
}
