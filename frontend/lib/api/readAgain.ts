import type { QueryClient, QueryFilters } from "@tanstack/react-query";

/**
 * Read again what `filters` name, after a change. A first answer that is still on its way was asked for before it, and
 * invalidating alone would take that for the new one: it is given up, and asked for anew.
 */
export function readAgain(queries: QueryClient, filters: Pick<QueryFilters, "queryKey" | "predicate">): void {
  void queries.cancelQueries(filters);
  void queries.invalidateQueries(filters);
}
