/** The two sides of a pair: each has a letter and a colour that its box, its bar and its heading share. */
export type Side = "left" | "right";

export const SIDES = {
  left: { letter: "A", colour: "#58a6ff" },
  right: { letter: "B", colour: "#ffb454" },
} as const satisfies Record<Side, { letter: string; colour: string }>;
