import { identityColour } from "@/lib/identityColour";
import { SIDES } from "../sides";
import {
  placeOf,
  type StripBar,
  type StripLane,
  type StripSpan,
  stripLanes,
  stripSpan,
  ticks,
} from "../strip";
import classes from "./SpaceTimeStrip.module.css";

const MOST_LANES = 6;
const MOST_TICKS = 10;

interface Props {
  cameras: readonly StripLane[];
  /** The pair's two tracklets and the others of their identities. */
  bars: readonly StripBar[];
  readTime: (seconds: number) => string;
}

/** Where and when: cameras as lanes, the pair's tracklets marked, the others of their identities around them. */
export function SpaceTimeStrip({ cameras, bars, readTime }: Props) {
  if (bars.length === 0) return null;
  const span = stripSpan(bars);
  const lanes = stripLanes(cameras, bars, MOST_LANES);
  return (
    <section className={classes.strip} aria-label="Space and time">
      <div className={classes.names} aria-hidden="true">
        {lanes.map(({ id, name }) => (
          <span key={id}>{name}</span>
        ))}
      </div>
      <div className={classes.area}>
        {lanes.map(({ id, name }) => (
          <div key={id} className={classes.lane}>
            {bars
              .filter(({ camera }) => camera === id)
              .map((bar) => (
                <TrackletBar key={bar.id} bar={bar} span={span} name={name} readTime={readTime} />
              ))}
          </div>
        ))}
        <Way lanes={lanes} bars={bars} span={span} />
        <div className={classes.ticks} aria-hidden="true">
          {ticks(span, MOST_TICKS).map((time) => (
            <span key={time} style={{ left: share(time, span) }}>
              {readTime(time).replace(/\.0$/, "")}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}

function share(time: number, span: StripSpan): string {
  return `${placeOf(time, span) * 100}%`;
}

interface BarProps {
  bar: StripBar;
  span: StripSpan;
  name: string;
  readTime: (seconds: number) => string;
}

function TrackletBar({ bar, span, name, readTime }: BarProps) {
  const { side, identity, start_s, end_s } = bar;
  const when = `${name}, ${readTime(start_s)} to ${readTime(end_s)}`;
  return (
    <span
      className={classes.bar}
      data-side={side ?? undefined}
      role="img"
      aria-label={side ? `${SIDES[side].letter}: ${when}` : `Identity ${identity}: ${when}`}
      title={`Identity ${identity} in ${when}`}
      style={{
        left: share(start_s, span),
        width: `${((end_s - start_s) / (span.to - span.from)) * 100}%`,
        background: identityColour(identity),
        ...(side ? { outlineColor: SIDES[side].colour } : {}),
      }}
    >
      {side && SIDES[side].letter}
    </span>
  );
}

/** The way from the end of the earlier tracklet to the start of the later one. */
function Way({
  lanes,
  bars,
  span,
}: {
  lanes: readonly StripLane[];
  bars: readonly StripBar[];
  span: StripSpan;
}) {
  const left = bars.find(({ side }) => side === "left");
  const right = bars.find(({ side }) => side === "right");
  if (!left || !right) return null;
  const middle = (bar: StripBar): string => {
    const lane = lanes.findIndex(({ id }) => id === bar.camera);
    return `${((lane + 0.5) / lanes.length) * 100}%`;
  };
  return (
    <svg className={classes.way} aria-hidden="true">
      <line
        x1={share(left.end_s, span)}
        y1={middle(left)}
        x2={share(right.start_s, span)}
        y2={middle(right)}
      />
    </svg>
  );
}
