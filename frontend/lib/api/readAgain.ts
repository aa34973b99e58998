import type { QueryClient, QueryFilters } from "@tanstack/react-query";

/**
 * Read again what `filters` name, after a change. A first answer that is still on its way was asked for before it, and
 * invalidating alone would take that for the new one: behind it the question is asked once more.
 */
export function readAgain(queries: QueryClient, filters: Pick<QueryFilters, "queryKey" | "predicate">): void {
  for (const query of queries.getQueryCache().findAll(filters)) {
    const again = () => queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    const isFirst = query.state.data === undefined && query.state.fetchStatus === "fetching";
    if (isFirst) void query.fetch().then(again, again);
    else void again();
  }
}
