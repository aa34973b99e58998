import type { ReactNode } from "react";
import { Bar } from "@/components/Bar";
import { confidenceWord, lookOfAnswer } from "../answers";
import { meetingWords } from "../handovers";
import type { Pair, Verdict } from "../types";
import { beliefOf, decidesWords, rank } from "../why";
import { PairMark } from "./PairMark";
import { TransitHistogram } from "./TransitHistogram";
import classes from "./WhyPanel.module.css";

/** Between the two tracklets: what the machine makes of them, where that comes from, and what the answer decides. */
export function WhyPanel({ pair, heat }: { pair: Pair; heat: ReactNode }) {
  const belief = beliefOf(pair);
  const met = meetingWords(pair);
  return (
    <section className={classes.why} aria-label="Why this pair">
      <PairMark pair={pair} />
      <div>
        <p className={classes.figure} data-long={belief.figure.length > 5 || undefined}>
          {belief.figure}
        </p>
        <p className={classes.words}>{belief.words}</p>
        <p className={classes.note}>{belief.basis}</p>
      </div>
      {pair.verdicts.length > 0 && <Standing verdicts={pair.verdicts} />}
      <Appearance pair={pair} />
      {heat}
      <Transit pair={pair} />
      <p className={classes.decides}>{decidesWords(pair)}</p>
      {met && <p className={classes.note}>{met}</p>}
    </section>
  );
}

function Standing({ verdicts }: { verdicts: readonly Verdict[] }) {
  return (
    <ul className={classes.verdicts} aria-label="Answers so far">
      {verdicts.map(({ id, verdict, confidence, person, reason }) => (
        <li key={id} data-answer={verdict}>
          <strong>
            {lookOfAnswer(verdict).mark} {lookOfAnswer(verdict).word}
          </strong>{" "}
          {person.username}
          {confidence !== null && `, ${confidenceWord(confidence)}`}
          {reason && <span className={classes.reason}>“{reason}”</span>}
        </li>
      ))}
    </ul>
  );
}

function Appearance({ pair: { distance, distance_percentile: share } }: { pair: Pair }) {
  if (distance == null || share == null) return null;
  return (
    <div className={classes.row}>
      <span className={classes.term}>Looks</span>
      <Bar fraction={1 - share} label="Alike" />
      <span className={classes.note}>
        distance {distance.toFixed(3)}, nearest {rank(share)} of all compared
      </span>
    </div>
  );
}

function Transit({ pair }: { pair: Pair }) {
  const { left, right, transit_s: time, transit_histogram: histogram } = pair;
  const link = `${left.camera.name} → ${right.camera.name}`;
  return (
    <div className={classes.row}>
      <span className={classes.term}>{link}</span>
      <span className={classes.transit}>{gapWords(time)}</span>
      {histogram ? (
        <>
          <TransitHistogram
            edges={histogram.edges}
            counts={histogram.counts}
            value={time}
            label={`Transit times ${link}; this pair: ${time.toFixed(1)} s`}
          />
          <span className={classes.note}>{histogram.basis}</span>
        </>
      ) : (
        <span className={classes.note}>no usual time known for this way</span>
      )}
    </div>
  );
}

/** The time between leaving one view and entering the other. */
function gapWords(seconds: number): string {
  return seconds < 0 ? `${(-seconds).toFixed(1)} s in both at once` : `${seconds.toFixed(1)} s later`;
}
