import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import type { Span } from "@/lib/plot/span";
import { type Paths, pathsOf } from "../paths";

const PAGE = 1000;
/** More than this on one map is a carpet, and seconds of waiting. */
const MOST_PATHS = 4000;

type Page = Schemas["Paths"];

/** The ways of all tracklets in view at some time of `span`, at most MOST_PATHS of them. */
export function usePaths(runId: number | null, span: Span) {
  return useQuery({
    queryKey: ["paths", runId, span.from, span.to],
    enabled: runId !== null,
    queryFn: async ({ signal }): Promise<Paths> => {
      const pages: Page[] = [];
      let after: number | null = 0;
      while (after !== null && pages.length * PAGE < MOST_PATHS) {
        const query = { after, limit: PAGE, from_s: span.from, to_s: span.to };
        const params = { path: { run_id: runId ?? 0 }, query };
        const page: Page = await answered(api.GET("/api/v1/runs/{run_id}/paths", { params, signal }));
        pages.push(page);
        after = page.next;
      }
      return pathsOf(
        pages.map(({ columns }) => columns),
        after === null,
      );
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
