import type { QueryClient } from "@tanstack/react-query";
import { camerasQuery } from "@/features/scenes/api/getCameras";
import { sceneQuery } from "@/features/scenes/api/getScene";
import { sessionQuery } from "@/features/session/api/getSession";

/** Ask at once for what the page at `path` will wait for, all of it together: the page itself is only being loaded. */
export function askAhead(queries: QueryClient, path: string): void {
  void queries.prefetchQuery(sessionQuery);
  const scene = /^\/scenes\/(\d+)(\/|$)/.exec(path)?.[1];
  if (scene === undefined) return;
  void queries.prefetchQuery(sceneQuery(Number(scene)));
  void queries.prefetchQuery(camerasQuery(Number(scene)));
}
