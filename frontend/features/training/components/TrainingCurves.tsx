import type { ModelKind } from "@/lib/modelKinds";
import type { Point } from "../api/getTraining";
import { Curve, type Line } from "./Curve";
import classes from "./training.module.css";

interface Held {
  readonly title: string;
  readonly measures: readonly {
    readonly name: string;
    readonly tone: Line["tone"];
    readonly of: (point: Point) => number | null;
  }[];
}

/** What is scored on what was held back. */
const HELD: Record<ModelKind, Held> = {
  embedding: {
    title: "Held vehicles",
    measures: [
      { name: "mAP", tone: "one", of: ({ held_map }) => held_map },
      { name: "rank-1", tone: "two", of: ({ held_rank1 }) => held_rank1 },
    ],
  },
  detector: {
    title: "Held frames",
    measures: [
      { name: "AP50", tone: "one", of: ({ held_ap50 }) => held_ap50 },
      { name: "recall", tone: "two", of: ({ held_recall }) => held_recall },
    ],
  },
};

const ALL_FOUND = 0.995;

interface Props {
  trains: ModelKind;
  points: readonly Point[];
}

/** Loss by step, and what is found of what was held back after each epoch, or by each weight that was tried. */
export function TrainingCurves({ trains, points }: Props) {
  if (points.some(({ weight }) => weight !== null)) {
    return (
      <HeldCurve
        {...{ trains, points }}
        across="what a labelled picture counts beside one learned before"
        at={({ weight }) => weight}
      />
    );
  }
  const losses = points.flatMap(({ step, loss }) => (loss === null ? [] : [{ x: step, y: loss }]));
  return (
    <>
      <div className={classes.curves}>
        <HeldCurve {...{ trains, points }} across="epoch" at={({ epoch }) => epoch} />
        <Curve title="Loss" across="step" lines={[{ name: "loss", tone: "one", points: losses }]} />
      </div>
      {hasNothingToGain(points) && (
        <p className={classes.quiet}>
          The detector that it began with finds all that the label set has in the held frames. There is more
          to gain where people have drawn what it misses and hidden what is no vehicle.
        </p>
      )}
    </>
  );
}

/** Whether the first score is as good as perfect: the labels are what the machine found, and nobody put them right. */
function hasNothingToGain(points: readonly Point[]): boolean {
  const first = points.find(({ held_ap50 }) => held_ap50 !== null);
  return first !== undefined && (first.held_ap50 ?? 0) >= ALL_FOUND;
}

interface HeldProps extends Props {
  across: string;
  at: (point: Point) => number | null;
}

function HeldCurve({ trains, points, across, at }: HeldProps) {
  const { title, measures } = HELD[trains];
  const lines = measures.map(({ name, tone, of }) => ({
    name,
    tone,
    points: points.flatMap((point) => {
      const [x, y] = [at(point), of(point)];
      return x === null || y === null ? [] : [{ x, y }];
    }),
  }));
  return <Curve title={title} across={across} most={1} lines={lines} />;
}
