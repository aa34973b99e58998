import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

export function ownOperationsKey(scene: number, person: number): readonly unknown[] {
  return ["operations", scene, "own", person];
}

/** The newest operations of one person in a scene, newest first: what Ctrl-Z goes back through. */
export function useOwnOperations(scene: number, person: number) {
  return useQuery({
    queryKey: ownOperationsKey(scene, person),
    queryFn: async ({ signal }) => {
      const params = { path: { scene_id: scene }, query: { person, limit: 100 } };
      return (await answered(api.GET("/api/v1/scenes/{scene_id}/operations", { params, signal }))).results;
    },
  });
}
