import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { readAgain } from "@/lib/api/readAgain";
import { operationsKey } from "./api/getOperations";
import { reviewStateKey } from "./api/getReviewState";
import { leaseKey } from "./api/leasePairs";
import type { Operation, ReviewState, VerdictGiven } from "./types";

type OperationPages = InfiniteData<{ results: Operation[] }>;

/** What shows identities or their tracklets: read again when a decision changed them. */
const SHOWS_IDENTITIES = new Set([
  ...["identities", "identity", "tracks", "run", "runs"],
  ...["passages", "editor-boxes", "timeline", "hidden"],
]);

/** Bring every page up to date with a decision that the server has just stored. */
export function noteStored(queries: QueryClient, scene: number, given: VerdictGiven): void {
  const { operation, effect, ...state } = given;
  queries.setQueriesData<ReviewState>(
    { queryKey: leaseKey(scene) },
    (lease) => lease && { ...lease, ...state },
  );
  queries.setQueryData<ReviewState>(reviewStateKey(scene), (old) => old && state);
  queries.setQueriesData<OperationPages>({ queryKey: operationsKey(scene) }, (pages) =>
    withOperation(pages, operation),
  );
  readAgain(queries, { queryKey: operationsKey(scene) });
  readAgain(queries, { queryKey: leaseKey(scene) });
  if (effect.changed) readIdentitiesAgain(queries);
}

/** Bring every page up to date with what somebody else has stored meanwhile. */
export function noteOthers(queries: QueryClient, scene: number): void {
  readAgain(queries, { queryKey: operationsKey(scene) });
  readAgain(queries, { queryKey: leaseKey(scene) });
  readIdentitiesAgain(queries);
}

/** Wait until an open identity is on the page as it is by now: the next edit of it says what was seen. */
export function identityRead(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: ["identity"] }, { cancelRefetch: false });
}

function readIdentitiesAgain(queries: QueryClient): void {
  readAgain(queries, { predicate: ({ queryKey }) => SHOWS_IDENTITIES.has(String(queryKey[0])) });
}

/** The history with a new operation at its top, and what it undid marked so. */
function withOperation(pages: OperationPages | undefined, operation: Operation): OperationPages | undefined {
  const [first, ...rest] = pages?.pages ?? [];
  if (!pages || !first) return pages;
  const undone = operation.inverse_of?.id;
  const mark = (old: Operation): Operation =>
    old.id === undone ? { ...old, undone_by: { id: operation.id, number: operation.number } } : old;
  const newest = { ...first, results: [operation, ...first.results.filter(({ id }) => id !== operation.id)] };
  const marked = [newest, ...rest].map((page) => ({ ...page, results: page.results.map(mark) }));
  return { ...pages, pages: marked };
}
