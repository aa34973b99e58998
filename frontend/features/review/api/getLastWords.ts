import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import { operationsKey } from "./getOperations";

/** A person's newest edits that are in effect (`standing`), or those that are taken back; newest first. */
export function useLastWords(sceneId: number, person: number, standing: boolean) {
  return useQuery({
    queryKey: [...operationsKey(sceneId), "last words", person, standing],
    queryFn: async ({ signal }) => {
      const params = { path: { scene_id: sceneId }, query: { person, standing, limit: standing ? 50 : 1 } };
      return (await answered(api.GET("/api/v1/scenes/{scene_id}/operations", { params, signal }))).results;
    },
  });
}
