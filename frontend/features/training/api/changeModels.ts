import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { ModelKind } from "@/lib/modelKinds";
import { newKey } from "@/lib/newKey";

/** Compare a model of a kind with the active one, make one active, or go back to the one before. */
export function useChangeModels(sceneId: number, kind: ModelKind) {
  const queries = useQueryClient();
  const path = { scene_id: sceneId };
  const onSuccess = () =>
    Promise.all(
      ["models", "promotions", "runs"].map((name) =>
        queries.invalidateQueries({ queryKey: [name, sceneId] }),
      ),
    );
  const compare = useMutation({
    mutationFn: ({ id, against }: { id: number; against?: number }) =>
      answered(
        api.POST("/api/v1/models/{version_id}/compare", {
          params: { path: { version_id: id } },
          body: against === undefined ? {} : { against },
        }),
      ),
    onSuccess,
  });
  const promote = useMutation({
    mutationFn: (version: number) => {
      const params = { path, header: { "Idempotency-Key": newKey() } };
      return answered(api.POST("/api/v1/scenes/{scene_id}/promotions", { params, body: { version, kind } }));
    },
    onSuccess,
  });
  const rollBack = useMutation({
    mutationFn: () => {
      const params = { path, header: { "Idempotency-Key": newKey() } };
      return answered(api.POST("/api/v1/scenes/{scene_id}/promotions/roll-back", { params, body: { kind } }));
    },
    onSuccess,
  });
  return { compare, promote, rollBack };
}
