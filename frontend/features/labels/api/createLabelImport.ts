import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

interface Brought {
  file: File;
  kind: Schemas["ImportFormatEnum"];
  ids: Schemas["IdsEnum"];
}

/** Send a file of labels to be checked; nothing is changed by it. */
export function useCreateLabelImport(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ file, kind, ids }: Brought) => {
      const query = { kind, ids, file_name: file.name };
      return answered(
        api.POST("/api/v1/scenes/{scene_id}/label-imports", {
          params: { path: { scene_id: sceneId }, query },
          body: file as never,
          bodySerializer: (body: unknown) => body as BodyInit,
          headers: { "Content-Type": "application/octet-stream" },
        }),
      );
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["label-imports", sceneId] }),
  });
}
