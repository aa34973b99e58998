import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf, type Schemas } from "@/lib/api/client";

export type Job = Schemas["Job"];

export interface JobFilter {
  readonly state: Job["state"] | null;
  readonly scene: number | null;
  readonly run: number | null;
}

const LIVE_MS = 2000;

/** Jobs, newest first; asked for again every two seconds, an unchanged answer costs nothing. */
export function useJobs(filter: JobFilter) {
  return useInfiniteQuery({
    queryKey: ["jobs", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...(filter.state ? { state: filter.state } : {}),
        ...(filter.scene ? { scene: filter.scene } : {}),
        ...(filter.run ? { run: filter.run } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return answered(api.GET("/api/v1/jobs", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
    refetchInterval: LIVE_MS,
    placeholderData: keepPreviousData,
  });
}
