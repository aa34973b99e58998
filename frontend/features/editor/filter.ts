/** Which tracklets are listed, and in which order. */
import { vehicleWord, vehicleWords } from "@/lib/vehicle";
import { covers, frameCount } from "./spans";
import { firstFrame, type Track, trackName } from "./types";

export const ORDERS = {
  start: "by start",
  number: "by number",
  identity: "by identity",
  longest: "longest first",
  shortest: "shortest first",
  gaps: "most gaps first",
} as const;

export type Order = keyof typeof ORDERS;

export interface TrackFilter {
  readonly words: string;
  readonly onlyHere: boolean;
  readonly order: Order;
}

type Compare = (a: Track, b: Track) => number;

const length = ({ spans }: Track): number => frameCount(spans);
/** Those without an identity come last. */
const identity = (track: Track): number => track.identity ?? Number.MAX_SAFE_INTEGER;

const COMPARE: Record<Order, Compare> = {
  start: (a, b) => firstFrame(a) - firstFrame(b),
  number: (a, b) => (a.number ?? 0) - (b.number ?? 0),
  identity: (a, b) => identity(a) - identity(b),
  longest: (a, b) => length(b) - length(a),
  shortest: (a, b) => length(a) - length(b),
  gaps: (a, b) => b.spans.length - a.spans.length,
};

/** "T7", "#12", "12", "bus", "red", "edited" or words of the note. */
function says(track: Track, word: string): boolean {
  if (word.startsWith("#")) return `#${track.identity}` === word;
  if (/^t?\d+$/.test(word))
    return [trackName(track).toLowerCase(), `${track.number}`, `${track.identity}`].includes(word);
  const text = `${vehicleWord(track.category)} ${vehicleWords(track)} ${track.note} ${track.human ? "edited" : ""}`;
  return text.toLowerCase().includes(word);
}

/** The tracklets that fit all words (and are on `frame`, where only those are wanted), in order. */
export function listed(tracks: readonly Track[], filter: TrackFilter, frame: number): Track[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = tracks.filter(
    (track) => words.every((word) => says(track, word)) && (!filter.onlyHere || covers(track.spans, frame)),
  );
  const compare = COMPARE[filter.order];
  return fitting.sort((a, b) => compare(a, b) || firstFrame(a) - firstFrame(b) || a.id - b.id);
}

/** The neighbour of `id` in a list: the first or last one where it is not in it. */
export function neighbour(ids: readonly number[], id: number | null, by: 1 | -1): number | null {
  const index = id === null ? -1 : ids.indexOf(id);
  if (index < 0) return (by > 0 ? ids[0] : ids.at(-1)) ?? null;
  return ids[Math.max(0, Math.min(index + by, ids.length - 1))] ?? null;
}
