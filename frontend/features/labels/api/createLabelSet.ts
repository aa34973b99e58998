import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export function useCreateLabelSet(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["LabelSetCreateRequest"]) =>
      answered(
        api.POST("/api/v1/scenes/{scene_id}/label-sets", { params: { path: { scene_id: sceneId } }, body }),
      ),
    onSuccess: () =>
      Promise.all(
        ["label-sets", "training-choices"].map((name) =>
          queries.invalidateQueries({ queryKey: [name, sceneId] }),
        ),
      ),
  });
}
