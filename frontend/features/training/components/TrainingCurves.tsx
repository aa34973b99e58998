import type { Point } from "../api/getTraining";
import { Curve } from "./Curve";
import classes from "./training.module.css";

/** Loss by step, and what the held vehicles are found by after each epoch, or by each weight that was tried. */
export function TrainingCurves({ points }: { points: readonly Point[] }) {
  const tried = points.flatMap(({ weight, held_map: map, held_rank1: rank1 }) =>
    weight === null || map === null || rank1 === null ? [] : [{ x: weight, map, rank1 }],
  );
  if (tried.length) {
    return <HeldCurve across="what a labelled picture counts beside one learned before" scored={tried} />;
  }
  const losses = points.flatMap(({ step, loss }) => (loss === null ? [] : [{ x: step, y: loss }]));
  const scored = points.flatMap(({ epoch, held_map: map, held_rank1: rank1 }) =>
    epoch === null || map === null || rank1 === null ? [] : [{ x: epoch, map, rank1 }],
  );
  return (
    <div className={classes.curves}>
      <HeldCurve across="epoch" scored={scored} />
      <Curve title="Loss" across="step" lines={[{ name: "loss", tone: "one", points: losses }]} />
    </div>
  );
}

interface Scored {
  readonly x: number;
  readonly map: number;
  readonly rank1: number;
}

function HeldCurve({ across, scored }: { across: string; scored: readonly Scored[] }) {
  return (
    <Curve
      title="Held vehicles"
      across={across}
      most={1}
      lines={[
        { name: "mAP", tone: "one", points: scored.map(({ x, map }) => ({ x, y: map })) },
        { name: "rank-1", tone: "two", points: scored.map(({ x, rank1 }) => ({ x, y: rank1 })) },
      ]}
    />
  );
}
