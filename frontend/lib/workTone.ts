/** The tone in which a state of work is shown. */
export function workTone(state: string): "busy" | "good" | "bad" | "idle" {
  if (state === "succeeded") return "good";
  if (state === "failed" || state === "errored") return "bad";
  return state === "running" ? "busy" : "idle";
}
