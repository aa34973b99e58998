/** What kind of vehicle a tracklet shows and which colour it has: as people say, or as the network read it. */
import type { Schemas } from "@/lib/api/client";

export type Read = Schemas["Read"];

/** What is known of a vehicle; `colour` is people's own, empty where nobody named one. */
export interface Described {
  readonly category: number;
  readonly colour: string;
  readonly machine: Read | null;
}

/** A word for it, and how sure the network is; null where people said it, or a detector knows no chance. */
export interface Said {
  readonly word: string;
  readonly chance: number | null;
  readonly byPeople: boolean;
}

/** COCO category numbers that vehicles have, as words. */
const WORDS: Readonly<Record<number, string>> = {
  2: "bicycle",
  3: "car",
  4: "motorcycle",
  6: "bus",
  8: "truck",
};

/** Categories that the detectors tell apart and people set. */
export const CATEGORIES: readonly number[] = [3, 6, 8];

/** Types that the network reads. */
export const VEHICLE_TYPES = [
  "sedan",
  "hatchback",
  "coupe",
  "convertible",
  "mini",
  "suv",
  "mpv",
  "van",
  "pickup",
  "bus",
  "truck",
] as const;

export type VehicleType = (typeof VEHICLE_TYPES)[number];

/** Colours that people name; the network reads all but purple. */
export const COLOURS = [
  "black",
  "white",
  "grey",
  "silver",
  "red",
  "blue",
  "green",
  "yellow",
  "orange",
  "brown",
  "beige",
  "purple",
] as const;

export type Colour = (typeof COLOURS)[number];

const SWATCHES: Readonly<Record<string, string>> = {
  black: "#15181c",
  white: "#f7f7f5",
  grey: "#74797f",
  silver: "#bfc5ca",
  red: "#c62828",
  blue: "#2258b8",
  green: "#2e7d43",
  yellow: "#f2c21a",
  orange: "#ee7b1d",
  brown: "#6b4630",
  beige: "#d9c7a3",
  purple: "#6f3fa0",
};

export function vehicleWord(category: number): string {
  return WORDS[category] ?? "vehicle";
}

/** "SUV" and "MPV" are letters, the rest are words. */
export function typeWord(type: string): string {
  return ["suv", "mpv"].includes(type) ? type.toUpperCase() : type;
}

export function typeOf({ category, machine }: Described): Said {
  if (machine?.type) return { word: typeWord(machine.type), chance: machine.type_chance, byPeople: false };
  return { word: vehicleWord(category), chance: null, byPeople: false };
}

/** Null where nobody named a colour and none was read. */
export function colourOf({ colour, machine }: Described): Said | null {
  if (colour) return { word: colour, chance: null, byPeople: true };
  if (!machine?.colour) return null;
  return { word: machine.colour, chance: machine.colour_chance, byPeople: false };
}

/** "red van": what one calls it. */
export function vehicleWords(seen: Described): string {
  return [colourOf(seen)?.word, typeOf(seen).word].filter(Boolean).join(" ");
}

/** CSS colour of a colour's name. */
export function swatchOf(colour: string): string | null {
  return SWATCHES[colour] ?? null;
}
