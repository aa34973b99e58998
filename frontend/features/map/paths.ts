import type { Schemas } from "@/lib/api/client";
import type { Span } from "@/lib/plot/span";

/** One tracklet's way over the ground: scene seconds and places in metres, x east and y north, in turn. */
export interface Path {
  readonly id: number;
  readonly camera: number;
  readonly identity: number;
  readonly times: Float64Array;
  readonly places: Float64Array;
}

export interface Paths {
  readonly paths: readonly Path[];
  /** Whether these are all that were asked for. */
  readonly complete: boolean;
}

/** The server's columns as paths; those without a place on the ground are left out. */
export function pathsOf(pages: readonly Schemas["PathColumns"][], complete = true): Paths {
  const paths = pages.flatMap((columns) =>
    columns.id.map((id, index) => ({
      id,
      camera: columns.camera[index] ?? 0,
      identity: columns.identity[index] ?? 0,
      times: Float64Array.from(columns.times_ms[index] ?? [], (ms) => ms / 1000),
      places: Float64Array.from(columns.places_cm[index] ?? [], (cm) => cm / 100),
    })),
  );
  return { paths: paths.filter(({ times }) => times.length > 0), complete };
}

/** The part of a path within `span`, as x, y in turn; its ends are put between the places around them. */
export function partOf({ times, places }: Pick<Path, "times" | "places">, span: Span): number[] {
  const last = times.length - 1;
  const from = Math.max(span.from, times[0] ?? 0);
  const to = Math.min(span.to, times[last] ?? 0);
  if (last < 0 || from > to) return [];
  const part = [...placeAt({ times, places }, from)];
  for (let point = 0; point <= last; point++) {
    const time = times[point] ?? 0;
    if (time > from && time < to) part.push(places[2 * point] ?? 0, places[2 * point + 1] ?? 0);
  }
  return to > from ? [...part, ...placeAt({ times, places }, to)] : part;
}

/** Where it is at a moment between its first and last one. */
export function placeAt({ times, places }: Pick<Path, "times" | "places">, time: number): [number, number] {
  let after = 0;
  while (after < times.length - 1 && (times[after] ?? 0) < time) after += 1;
  const before = Math.max(0, after - 1);
  const length = (times[after] ?? 0) - (times[before] ?? 0);
  const share = length > 0 ? Math.min(1, Math.max(0, (time - (times[before] ?? 0)) / length)) : 1;
  const between = (axis: 0 | 1): number => {
    const one = places[2 * before + axis] ?? 0;
    return one + share * ((places[2 * after + axis] ?? 0) - one);
  };
  return [between(0), between(1)];
}
