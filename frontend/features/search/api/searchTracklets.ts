import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";
import type { Question, SearchFilter } from "../question";

export type Found = Schemas["SearchFound"];
export type SearchAnswer = Schemas["SearchAnswer"];

const MOST = 60;
const ASK_AGAIN_MS = 700;

export const searchKey = (runId: number) => ["search", runId] as const;

function isBeingDescribed(error: unknown): boolean {
  return error instanceof Problem && error.code === "picture-waiting";
}

/** The tracklets that look most like what is asked about. A picture is asked for again until it is described. */
export function useSearch(runId: number | null, question: Question | null, filter: SearchFilter) {
  const found = useQuery({
    queryKey: [...searchKey(runId ?? 0), question, filter],
    enabled: runId !== null && question !== null,
    queryFn: ({ signal }) => {
      const query = {
        ...(question ? { [question.kind]: question.about } : {}),
        limit: MOST,
        others_only: filter.othersOnly,
        ...(filter.cameras.length > 0 ? { cameras: filter.cameras.join(",") } : {}),
        ...(filter.category === null ? {} : { category: filter.category }),
        ...(filter.type === null ? {} : { type: filter.type }),
        ...(filter.colour === null ? {} : { colour: filter.colour }),
        ...(filter.from === null ? {} : { from_s: filter.from }),
        ...(filter.to === null ? {} : { to_s: filter.to }),
      };
      const params = { path: { run_id: runId ?? 0 }, query };
      return answered(api.GET("/api/v1/runs/{run_id}/search", { params, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (isBeingDescribed(query.state.error) ? ASK_AGAIN_MS : false),
    retry: false,
  });
  return { ...found, isBeingDescribed: isBeingDescribed(found.error) };
}
