import { histogramBars } from "../why";
import classes from "./TransitHistogram.module.css";

interface Props {
  edges: readonly number[];
  counts: readonly number[];
  value: number;
  label: string;
}

const WIDTH = 200;
const HEIGHT = 56;

/** How long vehicles take over a link, and where this pair's time lies among them. */
export function TransitHistogram({ edges, counts, value, label }: Props) {
  const { bars, at, isOutside } = histogramBars(edges, counts, value);
  return (
    <figure className={classes.figure}>
      <svg
        className={classes.bars}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bars.map((bar) => (
          <rect
            key={bar.left}
            className={bar.holds ? classes.holds : classes.bar}
            x={bar.left * WIDTH}
            y={HEIGHT - bar.height * (HEIGHT - 4)}
            width={Math.max(bar.width * WIDTH - 1, 0.5)}
            height={bar.height * (HEIGHT - 4)}
          />
        ))}
      </svg>
      <span
        className={classes.value}
        data-outside={isOutside || undefined}
        style={{ left: `${at * 100}%` }}
      />
      <figcaption className={classes.axis} aria-hidden="true">
        <span>{seconds(edges[0])}</span>
        <span>{seconds(edges.at(-1))}</span>
      </figcaption>
    </figure>
  );
}

function seconds(value: number | undefined): string {
  return `${(value ?? 0).toFixed(0)} s`;
}
