import type { Schemas } from "@/lib/api/client";
import { counted, spanWords } from "@/lib/format";

/** The preset for wide views of streets: what most cameras are. */
const USUAL = "cpu-light";

/** The preset that a new run starts with unless another is chosen: the scene's last one, else the usual one. */
export function presetToStart(offered: readonly string[], last: string | null): string | null {
  return [last, USUAL].find((name) => name !== null && offered.includes(name)) ?? offered[0] ?? null;
}

/** How long the scene's videos would take with a preset. */
export function estimateWords(estimate: Schemas["RunEstimate"] | undefined): string {
  if (!estimate) return "No run with it has ended on this machine yet.";
  const { seconds, frames_per_s, runs } = estimate;
  const pace = `${frames_per_s.toFixed(frames_per_s < 10 ? 1 : 0)} frames a second`;
  const source = runs === 1 ? "its last run" : `the slowest of its last ${counted(runs, "run")}`;
  return `About ${spanWords(seconds)}: ${source} here did ${pace}.`;
}
