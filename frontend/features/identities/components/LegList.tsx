import { spanWords } from "@/lib/format";
import type { Leg } from "../api/getJourney";
import classes from "./LegList.module.css";

interface Props {
  legs: readonly Leg[];
  /** Tracklet id -> the name of its camera. */
  cameraOf: ReadonlyMap<number, string>;
}

function words({ gap_s, distance_m, speed_mps }: Leg): string {
  const time = gap_s < 0 ? `${spanWords(-gap_s)} in both at once` : `after ${spanWords(gap_s)}`;
  const way = distance_m === null ? "" : ` · ${Math.round(distance_m)} m`;
  const speed = speed_mps === null || gap_s <= 0 ? "" : ` · ${Math.round(speed_mps * 3.6)} km/h`;
  return `${time}${way}${speed}`;
}

/** From one tracklet to the next: how long, how far, how fast; what no vehicle can have done stands first. */
export function LegList({ legs, cameraOf }: Props) {
  const impossible = legs.filter(({ problem }) => problem !== "");
  const ordinary = legs.filter(({ problem }) => problem === "");
  if (legs.length === 0) return null;
  return (
    <ul className={classes.legs} aria-label="From tracklet to tracklet">
      {impossible.map((leg) => (
        <li key={`${leg.left}-${leg.right}`} className={classes.impossible}>
          <b>Impossible: {leg.problem === "overlap" ? "two in one view" : leg.problem.replace("-", " ")}.</b>{" "}
          {leg.reason}
        </li>
      ))}
      {ordinary.map((leg) => (
        <li key={`${leg.left}-${leg.right}`}>
          {cameraOf.get(leg.left)} → {cameraOf.get(leg.right)} {words(leg)}
        </li>
      ))}
    </ul>
  );
}
