import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type TrainingDetail = Schemas["TrainingDetail"];
export type Point = Schemas["TrainingPoint"];

const LIVE_MS = 2000;

export function isUnderWay(state: TrainingDetail["state"]): boolean {
  return state === "queued" || state === "running";
}

function livePace(state: TrainingDetail["state"] | undefined): number {
  return state && !isUnderWay(state) ? 30_000 : LIVE_MS;
}

export function useTraining(trainingId: number) {
  return useQuery({
    queryKey: ["training", trainingId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/trainings/{training_id}", { params: { path: { training_id: trainingId } }, signal }),
      ),
    refetchInterval: (query) => livePace(query.state.data?.state),
  });
}

/**
 * Loss by step and score by epoch. Only lines that came since the last look are asked for, and the last known one with
 * them: a training that was killed does some of them again.
 */
export function usePoints(trainingId: number, state: TrainingDetail["state"] | undefined) {
  const queries = useQueryClient();
  const queryKey = ["training-points", trainingId];
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Point[]> => {
      const known = queries.getQueryData<Point[]>(queryKey) ?? [];
      const after = Math.max(0, known.length - 50);
      const params = { path: { training_id: trainingId }, query: { after, limit: 5000 } };
      const since = await answered(api.GET("/api/v1/trainings/{training_id}/points", { params, signal }));
      return [...known.slice(0, after), ...since];
    },
    refetchInterval: livePace(state),
  });
}
