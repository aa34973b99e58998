import { type BarState, STATES } from "../bars";
import classes from "./Legend.module.css";

export const STATE_WORDS: Record<BarState, string> = {
  single: "alone: joined to nothing",
  machine: "joined by the machine",
  confirmed: "confirmed by people",
  contradictory: "answers contradict each other",
};

const SHORT: Record<BarState, string> = {
  single: "alone",
  machine: "machine",
  confirmed: "confirmed",
  contradictory: "contradictory",
};

interface Props {
  counts: readonly number[];
}

/** What the colours of the bars mean, and how many tracklets have each. */
export function Legend({ counts }: Props) {
  return (
    <ul className={classes.legend}>
      {STATES.map((state, index) => (
        <li key={state} data-state={state} title={STATE_WORDS[state]}>
          <span className={classes.swatch} aria-hidden="true" />
          {SHORT[state]} <b>{(counts[index] ?? 0).toLocaleString("en")}</b>
        </li>
      ))}
    </ul>
  );
}
