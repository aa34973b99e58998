/** What a search is about and what narrows it, as the address keeps it. */
import { VEHICLE_TYPES, type VehicleType } from "@/lib/vehicle";

export interface Question {
  readonly kind: "tracklet" | "identity" | "picture";
  /** A tracklet's id, an identity's number, a picture's id. */
  readonly about: number;
}

export interface SearchFilter {
  readonly cameras: readonly number[];
  /** COCO id, as a detector or people say. */
  readonly category: number | null;
  /** As the network reads it. */
  readonly type: VehicleType | null;
  readonly colour: string | null;
  /** Scene seconds. */
  readonly from: number | null;
  readonly to: number | null;
  /** Not what is of the same identity already. */
  readonly othersOnly: boolean;
}

const KINDS = ["tracklet", "identity", "picture"] as const;

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function seconds(text: string | null): number | null {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** The first of tracklet, identity and picture that the address names. */
export function questionOf(search: URLSearchParams): Question | null {
  for (const kind of KINDS) {
    const about = wholeNumber(search.get(kind));
    if (about !== null) return { kind, about };
  }
  return null;
}

/** A type or a category, as the address and the list have it. */
export function kindOf(text: string | null): Pick<SearchFilter, "category" | "type"> {
  const type = VEHICLE_TYPES.find((each) => each === text) ?? null;
  return { type, category: type ? null : wholeNumber(text) };
}

export function filterOf(search: URLSearchParams): SearchFilter {
  const cameras = (search.get("cameras") ?? "").split(",").map(wholeNumber);
  return {
    cameras: cameras.filter((camera) => camera !== null),
    ...kindOf(search.get("type")),
    colour: search.get("colour"),
    from: seconds(search.get("from")),
    to: seconds(search.get("to")),
    othersOnly: search.get("others") === "1",
  };
}

/** The filter's part of the address: null takes a name away. */
export function addressOf(filter: SearchFilter): Record<string, string | null> {
  const text = (value: number | null): string | null => (value === null ? null : String(value));
  return {
    cameras: filter.cameras.length > 0 ? filter.cameras.join(",") : null,
    type: filter.type ?? text(filter.category),
    colour: filter.colour,
    from: text(filter.from),
    to: text(filter.to),
    others: filter.othersOnly ? "1" : null,
  };
}

/** The place in a grid of `columns` that an arrow leads to; the edges stop it. */
export function stepped(place: number, by: number, count: number): number {
  const next = place + by;
  return next < 0 || next >= count ? place : next;
}
