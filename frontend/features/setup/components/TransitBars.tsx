import type { LearnedLink } from "../api/getLearnedLinks";
import classes from "./LinksEditor.module.css";

const WIDTH = 110;
const HEIGHT = 24;

interface Props {
  learned: LearnedLink;
  /** Bars outside of it stand out. */
  window?: { readonly min_s: number; readonly max_s: number };
}

/** How long the matches of a run took, as bars of seconds. */
export function TransitBars({ learned, window }: Props) {
  const { start_s, width_s, counts } = learned.bars;
  const most = Math.max(...counts);
  const wide = WIDTH / counts.length;
  const words = `${learned.matches} matches, half of them after less than ${learned.median_s.toFixed(0)} s`;
  return (
    <>
      <svg className={classes.bars} width={WIDTH} height={HEIGHT} role="img" aria-label={words}>
        <title>
          {words}; {start_s} to {start_s + counts.length * width_s} s
        </title>
        {counts.map((count, place) => {
          const from = start_s + place * width_s;
          const isOutside = window && (from + width_s <= window.min_s || from >= window.max_s);
          const high = (count / most) * (HEIGHT - 3);
          return (
            <rect
              key={from}
              className={classes.bar}
              data-outside={isOutside || undefined}
              x={place * wide}
              y={HEIGHT - 1 - high}
              width={Math.max(wide - 1, 1)}
              height={high}
            />
          );
        })}
        <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
      <span className={classes.figures}>
        {learned.matches}, median {learned.median_s.toFixed(0)} s
      </span>
    </>
  );
}
