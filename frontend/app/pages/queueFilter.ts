import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { PairState, QueueFilter } from "@/features/review/api/leasePairs";
import { wholeNumber } from "./sceneView";

const STATES: readonly PairState[] = ["contradiction", "uncertain", "likely_same", "likely_different"];

/** Which pairs are asked about, kept in the address. */
export function useQueueFilter() {
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((one) => one === search.get("pairs")) ?? null;
  const link = wholeNumber(search.get("link"));
  const filter = useMemo<QueueFilter>(() => ({ state, link }), [state, link]);
  const setFilter = useCallback(
    (changes: Partial<QueueFilter>) => {
      const after = { ...filter, ...changes };
      const address = new URLSearchParams();
      if (after.state !== null) address.set("pairs", after.state);
      if (after.link !== null) address.set("link", String(after.link));
      setSearch(address, { replace: true });
    },
    [filter, setSearch],
  );
  return { filter, setFilter };
}
