import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";

export type LabelSet = Schemas["LabelSet"];
export type Recipe = Schemas["Recipe"];

/** What a new training is made of: recipes, the scene's newest label sets and the wanted one, what an analyst may take. */
export function useChoices(sceneId: number, wantedSet: number | null) {
  return useQuery({
    queryKey: ["training-choices", sceneId, wantedSet],
    queryFn: async ({ signal }) => {
      const params = { path: { scene_id: sceneId } };
      const [recipes, sets, budget] = await Promise.all([
        answered(api.GET("/api/v1/training-recipes", { signal })),
        answered(api.GET("/api/v1/scenes/{scene_id}/label-sets", { params, signal })),
        answered(api.GET("/api/v1/scenes/{scene_id}/training-budget", { params, signal })),
      ]);
      const isListed = wantedSet === null || sets.results.some(({ id }) => id === wantedSet);
      const older = isListed ? [] : [await labelSet(wantedSet, signal)];
      return { recipes, sets: [...sets.results, ...older], minutes: budget.minutes };
    },
  });
}

function labelSet(id: number, signal: AbortSignal): Promise<LabelSet> {
  const params = { path: { label_set_id: id } };
  return answered(api.GET("/api/v1/label-sets/{label_set_id}", { params, signal }));
}

/** How long a training on the set by the recipe is going to take, in seconds. */
export function useEstimate(labelSet: number | null, recipe: string | null) {
  return useQuery({
    queryKey: ["training-estimate", labelSet, recipe],
    enabled: labelSet !== null && recipe !== null,
    queryFn: async ({ signal }) => {
      const params = { query: { label_set: labelSet ?? 0, recipe: recipe ?? "" } };
      return (await answered(api.GET("/api/v1/training-estimate", { params, signal }))).seconds;
    },
  });
}
