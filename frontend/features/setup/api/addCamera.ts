import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

export function useAddCamera(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      answered(
        api.POST("/api/v1/scenes/{scene_id}/cameras", {
          params: { path: { scene_id: sceneId } },
          body: { name },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["cameras", sceneId] }),
  });
}
