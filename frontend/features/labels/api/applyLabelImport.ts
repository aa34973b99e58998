import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** Import what was checked, as one operation. */
export function useApplyLabelImport(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (importId: number) =>
      answered(
        api.POST("/api/v1/label-imports/{import_id}/apply", { params: { path: { import_id: importId } } }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["label-imports", sceneId] }),
  });
}
