/** The preset for wide views of streets: what most cameras are. */
const USUAL = "cpu-light";

/** The preset that a new run starts with unless another is chosen: the scene's last one, else the usual one. */
export function presetToStart(offered: readonly string[], last: string | null): string | null {
  return [last, USUAL].find((name) => name !== null && offered.includes(name)) ?? offered[0] ?? null;
}
