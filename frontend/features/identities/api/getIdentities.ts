import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf, type Schemas } from "@/lib/api/client";

export type Identity = Schemas["Identity"];
export type IdentityTracklet = Schemas["IdentityTracklet"];

export const ORDERINGS = {
  "-camera_count": "most cameras first",
  number: "by number",
  start_s: "earliest first",
  "-start_s": "latest first",
  "-tracklet_count": "most tracklets first",
} as const;

export type Ordering = keyof typeof ORDERINGS;

export interface IdentityFilter {
  readonly minCameras: number;
  readonly camera: number | null;
  readonly ordering: Ordering;
}

/** A run's identities, page by page. */
export function useIdentities(runId: number | null, filter: IdentityFilter) {
  return useInfiniteQuery({
    queryKey: ["identities", runId, filter],
    enabled: runId !== null,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        min_cameras: filter.minCameras,
        ordering: filter.ordering,
        ...(filter.camera === null ? {} : { camera: filter.camera }),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const params = { path: { run_id: runId ?? 0 }, query };
      return answered(api.GET("/api/v1/runs/{run_id}/identities", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
    placeholderData: keepPreviousData,
  });
}
