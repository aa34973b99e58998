import { type Frame, linePath, marksOf, type Place, placed, rangeOf, thinned } from "../curve";
import classes from "./training.module.css";

export interface Line {
  readonly name: string;
  readonly tone: "one" | "two";
  readonly points: readonly Place[];
}

const FRAME: Frame = { width: 460, height: 190, left: 44, top: 6, bottom: 24 };
const MOST_POINTS = 300;

interface Props {
  title: string;
  across: string;
  lines: readonly Line[];
  /** The top of the axis; the largest value where it is left out. */
  most?: number;
}

/** Lines over steps or epochs. What a reader of the picture cannot see is in its label. */
export function Curve({ title, across, lines, most }: Props) {
  const all = lines.flatMap(({ points }) => points);
  const x = rangeOf(
    all.map((point) => point.x),
    true,
  );
  const largest = rangeOf(
    all.map((point) => point.y),
    true,
  );
  const y = most === undefined ? largest : { from: 0, to: most };
  const at = (point: Place) => placed(point, x, y, FRAME);
  const last = lines.map(({ name, points }) => `${name} ${(points.at(-1)?.y ?? 0).toFixed(3)}`).join(", ");
  return (
    <figure className={classes.curve}>
      <figcaption>
        {title}
        {lines.map(({ name, tone, points }) => (
          <span key={name} className={classes.key} data-tone={tone}>
            {name} {points.at(-1)?.y.toFixed(3) ?? ""}
          </span>
        ))}
      </figcaption>
      <svg
        viewBox={`0 0 ${FRAME.width + 8} ${FRAME.height}`}
        role="img"
        aria-label={all.length ? `${title}: ${last} at ${across} ${x.to}` : `${title}: nothing yet`}
      >
        {marksOf(y).map((value) => {
          const { y: height } = at({ x: x.from, y: value });
          return (
            <g key={value}>
              <line x1={FRAME.left} x2={FRAME.width} y1={height} y2={height} className={classes.grid} />
              <text x={FRAME.left - 6} y={Math.max(height + 4, 10)} textAnchor="end" className={classes.mark}>
                {Number(value.toPrecision(3))}
              </text>
            </g>
          );
        })}
        {marksOf(x).map((value) => (
          <text
            key={value}
            x={at({ x: value, y: 0 }).x}
            y={FRAME.height - 8}
            textAnchor={value === x.to ? "end" : "middle"}
            className={classes.mark}
          >
            {value}
          </text>
        ))}
        {lines.map(({ name, tone, points }) => (
          <path key={name} d={linePath(thinned(points, MOST_POINTS).map(at))} data-tone={tone} />
        ))}
        {lines
          .filter(({ points }) => points.length <= 60)
          .flatMap(({ name, tone, points }) =>
            points.map((point) => {
              const { x: cx, y: cy } = at(point);
              return (
                <circle
                  key={`${name}${point.x}`}
                  cx={cx}
                  cy={cy}
                  r={2.5}
                  className={classes.dot}
                  data-tone={tone}
                />
              );
            }),
          )}
      </svg>
      <div className={classes.across}>{across}</div>
    </figure>
  );
}
