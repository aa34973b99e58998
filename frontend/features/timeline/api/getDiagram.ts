import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import { type Bars, barsOf } from "../bars";

const PAGE = 10_000;

type Page = Schemas["Diagram"];

async function pageAfter(runId: number, after: number, signal: AbortSignal): Promise<Page> {
  const params = { path: { run_id: runId }, query: { after, limit: PAGE } };
  return answered(api.GET("/api/v1/runs/{run_id}/diagram", { params, signal }));
}

/** All tracklets of a run as bars. Asked for again when the page is looked at again: people's edits change it. */
export function useDiagram(runId: number | null) {
  return useQuery({
    queryKey: ["diagram", runId],
    enabled: runId !== null,
    queryFn: async ({ signal }): Promise<Bars> => {
      const pages: Page[] = [];
      for (let after: number | null = 0; after !== null; ) {
        const page: Page = await pageAfter(runId ?? 0, after, signal);
        pages.push(page);
        after = page.next;
      }
      return barsOf(pages);
    },
    staleTime: 10_000,
  });
}
