import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { DraftLink } from "../linkDraft";

/** The scene's links as a whole, based on the version of the scene that they were read with. */
export function useSaveLinks(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ links, version }: { links: readonly DraftLink[]; version: number }) =>
      answered(
        api.PUT("/api/v1/scenes/{scene_id}/links", {
          params: { path: { scene_id: sceneId }, header: { "If-Match": `"${version}"` } },
          body: { links: [...links] },
        }),
      ),
    onSuccess: () =>
      Promise.all(
        ["link-base", "links", "scene", "ground"].map((name) =>
          queries.invalidateQueries({ queryKey: [name, sceneId] }),
        ),
      ),
  });
}
