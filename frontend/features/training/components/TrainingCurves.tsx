import type { Point } from "../api/getTraining";
import { Curve } from "./Curve";
import classes from "./training.module.css";

/** Loss by step, and what the held vehicles are found by after each epoch. */
export function TrainingCurves({ points }: { points: readonly Point[] }) {
  const losses = points.flatMap(({ step, loss }) => (loss === null ? [] : [{ x: step, y: loss }]));
  const scored = points.flatMap(({ epoch, held_map: map, held_rank1: rank1 }) =>
    epoch === null || map === null || rank1 === null ? [] : [{ epoch, map, rank1 }],
  );
  return (
    <div className={classes.curves}>
      <Curve
        title="Held vehicles"
        across="epoch"
        most={1}
        lines={[
          { name: "mAP", tone: "one", points: scored.map(({ epoch, map }) => ({ x: epoch, y: map })) },
          { name: "rank-1", tone: "two", points: scored.map(({ epoch, rank1 }) => ({ x: epoch, y: rank1 })) },
        ]}
      />
      <Curve title="Loss" across="step" lines={[{ name: "loss", tone: "one", points: losses }]} />
    </div>
  );
}
