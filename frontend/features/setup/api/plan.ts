import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { accepted, answered, api, type Schemas } from "@/lib/api/client";

export type Plan = Schemas["Plan"];
export type Placing = Schemas["PlacingRequest"];

const LIVE_MS = 1000;

/** The scene from above; asked for every second while a new picture is read. */
export function usePlan(sceneId: number) {
  return useQuery({
    queryKey: ["plan", sceneId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/scenes/{scene_id}/plan", { params: { path: { scene_id: sceneId } }, signal }),
      ),
    // While somebody places points, the version stays the one that they began with.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
    refetchInterval: ({ state }) => (state.data?.is_working ? LIVE_MS : false),
    meta: { isDrawnOn: true },
  });
}

/** Changes of the plan, each based on the version that the page has read. */
export function useChangePlan(sceneId: number, { version }: Plan) {
  const queries = useQueryClient();
  const params = { path: { scene_id: sceneId }, header: { "If-Match": `"${version}"` } };
  const onSuccess = async (changed: Plan | undefined): Promise<void> => {
    if (changed) queries.setQueryData(["plan", sceneId], changed);
    await Promise.all(
      [...(changed ? [] : ["plan"]), "ground", "scene"].map((name) =>
        queries.invalidateQueries({ queryKey: [name, sceneId] }),
      ),
    );
  };
  const bring = useMutation({
    mutationFn: (file: File) =>
      answered(
        api.PUT("/api/v1/scenes/{scene_id}/plan/picture", {
          params,
          body: file as never,
          bodySerializer: (body: unknown) => body as BodyInit,
          headers: { "Content-Type": file.type },
        }),
      ),
    onSuccess,
  });
  const place = useMutation({
    mutationFn: (body: Placing) => answered(api.PUT("/api/v1/scenes/{scene_id}/plan", { params, body })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: async () => {
      await accepted(api.DELETE("/api/v1/scenes/{scene_id}/plan", { params }));
      return undefined;
    },
    onSuccess,
  });
  return { bring, place, remove };
}
