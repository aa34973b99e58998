import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { EVERYTHING, type PairState, type QueueFilter } from "@/features/review/filter";
import { COLOURS, VEHICLE_TYPES } from "@/lib/vehicle";
import { wholeNumber } from "./sceneView";

const STATES: readonly PairState[] = ["contradiction", "uncertain", "likely_same", "likely_different"];

/** Which pairs are asked about, as an address has them; what it has wrong is left out. */
export function readFilter(search: URLSearchParams): QueueFilter {
  const cameras = (search.get("cameras") ?? "").split(",").map(wholeNumber);
  const known = cameras.filter((camera) => camera !== null);
  return {
    state: STATES.find((one) => one === search.get("pairs")) ?? null,
    link: wholeNumber(search.get("link")),
    cameras: known.length > 0 ? known : null,
    category: wholeNumber(search.get("type")),
    type: VEHICLE_TYPES.find((one) => one === search.get("read")) ?? null,
    colour: COLOURS.find((one) => one === search.get("colour")) ?? null,
    from: figure(search.get("from")),
    to: figure(search.get("to")),
    atLeast: share(search.get("least")),
    atMost: share(search.get("most")),
  };
}

/** The address of a filter; nothing of what is not narrowed. */
export function writeFilter(filter: QueueFilter): URLSearchParams {
  const { state, link, cameras, category, type, colour, from, to, atLeast, atMost } = filter;
  const words = {
    pairs: state,
    link,
    cameras: cameras?.join(",") ?? null,
    type: category,
    read: type,
    colour,
    from,
    to,
    least: atLeast,
    most: atMost,
  };
  const address = new URLSearchParams();
  for (const [name, value] of Object.entries(words)) if (value !== null) address.set(name, String(value));
  return address;
}

/** One pair after the other, or one identity against everything that it may still be. */
export type ReviewMode = "pairs" | "many";

/** Which pairs are asked about and how, kept in the address. */
export function useQueueFilter() {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => readFilter(search), [search]);
  const mode: ReviewMode = search.get("mode") === "many" ? "many" : "pairs";
  const put = useCallback(
    (after: QueueFilter, how: ReviewMode) => {
      const address = writeFilter(after);
      if (how === "many") address.set("mode", how);
      setSearch(address, { replace: true });
    },
    [setSearch],
  );
  const setFilter = useCallback(
    (changes: Partial<QueueFilter>) => put({ ...filter, ...changes }, mode),
    [put, filter, mode],
  );
  const clear = useCallback(() => put(EVERYTHING, mode), [put, mode]);
  const setMode = useCallback((how: ReviewMode) => put(filter, how), [put, filter]);
  return { filter, setFilter, clear, mode, setMode };
}

function figure(text: string | null): number | null {
  const value = Number(text ?? Number.NaN);
  return text && Number.isFinite(value) ? value : null;
}

function share(text: string | null): number | null {
  const value = figure(text);
  return value !== null && value >= 0 && value <= 1 ? value : null;
}
