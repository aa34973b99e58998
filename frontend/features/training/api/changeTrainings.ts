import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

type Wanted = Schemas["TrainingCreateRequest"] & { key: string };

/** Start a training. The key makes a repeated click start one only. */
export function useCreateTraining(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: Wanted) => {
      const params = { path: { scene_id: sceneId }, header: { "Idempotency-Key": key } };
      return answered(api.POST("/api/v1/scenes/{scene_id}/trainings", { params, body }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["trainings", sceneId] }),
  });
}

/** End it with the epoch that it is in; the best so far comes out. */
export function useStopTraining() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (trainingId: number) =>
      answered(
        api.POST("/api/v1/trainings/{training_id}/stop", { params: { path: { training_id: trainingId } } }),
      ),
    onSuccess: (training) => queries.setQueryData(["training", training.id], training),
  });
}
