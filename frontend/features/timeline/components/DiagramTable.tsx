import { useMemo } from "react";
import { counted } from "@/lib/format";
import { type SpanStore, useStillSpan } from "@/lib/plot/spanStore";
import { type BarState, type Bars, STATES } from "../bars";
import classes from "./DiagramTable.module.css";
import { STATE_WORDS } from "./Legend";

const MOST_ROWS = 200;

interface Props {
  bars: Bars;
  names: ReadonlyMap<number, string>;
  store: SpanStore;
  readTime: (seconds: number) => string;
  onPick: (bar: number) => void;
}

/** The tracklets of the time that is looked at as a table: for screen readers, and for everyone who prefers words. */
export function DiagramTable({ bars, names, store, readTime, onPick }: Props) {
  const span = useStillSpan(store);
  const inView = useMemo(() => {
    const found: number[] = [];
    for (let bar = 0; bar < bars.count; bar++) {
      if ((bars.start[bar] ?? 0) <= span.to && (bars.end[bar] ?? 0) >= span.from) found.push(bar);
    }
    return found;
  }, [bars, span]);
  return (
    <section className={classes.table} aria-label="Tracklets in view">
      <p className={classes.note}>
        {counted(inView.length, "tracklet")} between {readTime(span.from)} and {readTime(span.to)}
        {inView.length > MOST_ROWS &&
          `; the first ${MOST_ROWS} are listed, look at a shorter time for the others`}
        .
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Camera</th>
            <th scope="col">Tracklet</th>
            <th scope="col">Identity</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {inView.slice(0, MOST_ROWS).map((bar) => (
            <tr key={bars.id[bar]}>
              <td>{readTime(bars.start[bar] ?? 0)}</td>
              <td>{readTime(bars.end[bar] ?? 0)}</td>
              <td>{names.get(bars.camera[bar] ?? 0)}</td>
              <td>{bars.number[bar]}</td>
              <td>
                <button type="button" className={classes.pick} onClick={() => onPick(bar)}>
                  {bars.identity[bar] || "none"}
                </button>
              </td>
              <td>{STATE_WORDS[STATES[bars.state[bar] ?? 0] as BarState]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
