import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export function useCreateLabelExport(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["LabelExportCreateRequest"]) =>
      answered(
        api.POST("/api/v1/scenes/{scene_id}/label-exports", {
          params: { path: { scene_id: sceneId } },
          body,
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["label-exports", sceneId] }),
  });
}
