import { counted } from "@/lib/format";
import type { ClockOffset } from "./api/clocks";

/** What the matches say of two clocks, and how sure that is. */
export function offsetWords(offset: ClockOffset, source: string, target: string): string {
  const { offset_s, error_s, spread_s, method, matches, transit_s } = offset;
  if (offset_s === null || error_s === null || spread_s === null) return silence(offset, source, target);
  const apart = `${target} is ${Math.abs(offset_s).toFixed(2)} s ${offset_s < 0 ? "behind" : "ahead of"} ${source}`;
  const how =
    method === "views"
      ? `${counted(matches, "match", "matches")} seen at one place by both`
      : `${counted(matches, "match", "matches")} there and back, ${transit_s?.toFixed(1)} s of road`;
  const sure = method === "views" ? "" : " by chance, and a second or two where the road is slower one way";
  return `${apart}, ± ${error_s.toFixed(2)} s${sure}: ${how}; single ones spread by ${spread_s.toFixed(2)} s.`;
}

/** Why it cannot be told, and what to look at instead. */
function silence({ there, back, median_s, link_s }: ClockOffset, source: string, target: string): string {
  const seen = `${counted(there, "match", "matches")} from ${source} to ${target}, ${back} back`;
  const outside = link_s && (median_s < (link_s[0] ?? 0) || median_s > (link_s[1] ?? 0));
  const window = link_s
    ? ` Half of them took more than ${median_s.toFixed(1)} s, ${outside ? "outside of" : "within"} the link's window of ${link_s[0]} to ${link_s[1]} s.`
    : "";
  return `It cannot be told: ${seen}. Three confirmed matches each way tell road and clock apart, or three vehicles that both cameras see at one place on the ground.${window}`;
}
