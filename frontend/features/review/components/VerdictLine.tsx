import { confidenceWord, lookOfAnswer } from "../answers";
import type { Verdict } from "../types";
import classes from "./VerdictLine.module.css";

/** A verdict in one line: both tracklets as pictures, the answer between them, and what was said with it. */
export function VerdictLine({ verdict: shown }: { verdict: Verdict }) {
  const { verdict, left, right, confidence, reason } = shown;
  const look = lookOfAnswer(verdict);
  const said = confidenceWord(confidence);
  return (
    <div className={classes.line}>
      <Anchor anchor={left} />
      <span className={classes.answer} data-answer={verdict}>
        <span aria-hidden="true">{look.mark}</span> {look.word.toLowerCase()}
      </span>
      <Anchor anchor={right} />
      {said && <span className={classes.said}>{said}</span>}
      {reason && <span className={classes.said}>“{reason}”</span>}
      {shown.contradicted && <span className={classes.warning}>⚠ contradicted</span>}
    </div>
  );
}

function Anchor({ anchor: { camera, tracklet } }: { anchor: Verdict["left"] }) {
  return (
    <span className={classes.anchor}>
      {tracklet !== null && (
        <img src={`/api/v1/tracklets/${tracklet}/crops/0.jpg`} alt="" loading="lazy" decoding="async" />
      )}
      {camera.name}
    </span>
  );
}
