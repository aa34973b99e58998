import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { accepted, answered, api, cursorOf, type Schemas } from "@/lib/api/client";

export type SceneImport = Schemas["SceneImport"];
export type Stated = Schemas["SceneImportApplyRequest"];

const LIVE_MS = 1000;

function keyOf(sceneId: number) {
  return ["scene-imports", sceneId] as const;
}

/** Zips of scene folders that came in, newest first, page by page; asked for every second while one is worked on. */
export function useSceneImports(sceneId: number) {
  return useInfiniteQuery({
    queryKey: keyOf(sceneId),
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { scene_id: sceneId }, query: pageParam ? { cursor: pageParam } : {} };
      return answered(api.GET("/api/v1/scenes/{scene_id}/imports", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ results }) => results.some((each) => each.state === "working"))
        ? LIVE_MS
        : 10_000,
  });
}

/** Import what was checked, take an import back, remove a zip. */
export function useSceneImportChanges(sceneId: number) {
  const queries = useQueryClient();
  const onSuccess = (): Promise<unknown> =>
    Promise.all(
      [keyOf(sceneId), ["cameras", sceneId], ["scene", sceneId]].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
  const params = (id: number) => ({ path: { scene_import_id: id } });
  const apply = useMutation({
    mutationFn: ({ id, stated }: { id: number; stated: Stated }) =>
      answered(
        api.POST("/api/v1/scene-imports/{scene_import_id}/apply", { params: params(id), body: stated }),
      ),
    onSuccess,
  });
  const undo = useMutation({
    mutationFn: (id: number) =>
      answered(api.POST("/api/v1/scene-imports/{scene_import_id}/undo", { params: params(id) })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: number) =>
      accepted(api.DELETE("/api/v1/scene-imports/{scene_import_id}", { params: params(id) })),
    onSuccess,
  });
  return { apply, undo, remove };
}
