/**
 * A colour for an identity, the same for its number everywhere and in every session. The palette keeps its colours
 * apart for people with red-green and blue-yellow colour blindness too, and is light enough to carry dark text and to
 * stand out on video; the number is always drawn beside it, as no palette has a colour for everyone.
 */
export const IDENTITY_PALETTE = [
  "#6789ff",
  "#e5ae07",
  "#fffb7e",
  "#d36e72",
  "#2eef8f",
  "#ed5b3a",
  "#b4e1ff",
  "#bb79cc",
] as const;

/** Text that is readable on every colour of the palette. */
export const ON_IDENTITY_COLOUR = "#0b0f14";

/** For tracklets that are in one camera only: present, but not in the way. */
export const SINGLE_CAMERA_COLOUR = "#9aa7b4";

/** Neighbouring numbers get colours far apart in the palette (step 3 is coprime to its length). */
export function identityColour(number: number): string {
  const index =
    (((number * 3) % IDENTITY_PALETTE.length) + IDENTITY_PALETTE.length) % IDENTITY_PALETTE.length;
  return IDENTITY_PALETTE[index] ?? IDENTITY_PALETTE[0];
}
