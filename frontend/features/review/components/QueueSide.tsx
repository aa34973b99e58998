import type { ReactNode } from "react";
import { Link } from "react-router";
import { Bar } from "@/components/Bar";
import { Icon } from "@/components/Icon";
import { counted, spanWords } from "@/lib/format";
import type { PairState, QueueFilter } from "../filter";
import { pairKey } from "../queue";
import type { Pair, ReviewState } from "../types";
import { LookTools } from "./LookTools";
import { COUNTS, KINDS } from "./PairMark";
import classes from "./QueueSide.module.css";

interface Props {
  state: ReviewState;
  filter: QueueFilter;
  onState: (state: PairState | null) => void;
  /** Decisions a minute of this person; null while unknown. */
  pace: number | null;
  /** Selects that narrow the queue. */
  filters: ReactNode;
  next: readonly Pair[];
  onNext: (by: number) => void;
  recent: ReactNode;
  sceneId: number;
}

/** Beside the pair: what the queue holds, how much is left, what comes next and what was decided last. */
export function QueueSide(props: Props) {
  const { state, filter, onState, pace, filters, next, onNext, recent, sceneId } = props;
  return (
    <aside className={classes.side} aria-label="Queue">
      <Section title="Queue">
        <Counts counts={state.counts} chosen={filter.state} onState={onState} />
        {filters}
      </Section>
      <Section title="Work left">
        <WorkLeft state={state} pace={pace} sceneId={sceneId} />
      </Section>
      {next.length > 0 && (
        <section className={classes.next}>
          <h2 className={classes.heading}>Next</h2>
          <Coming pairs={next} onNext={onNext} />
        </section>
      )}
      <section className={classes.recent} aria-label="Your last decisions">
        <h2 className={classes.heading}>Your last decisions</h2>
        {recent}
      </section>
      <LookTools />
    </aside>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className={classes.heading}>{title}</h2>
      {children}
    </section>
  );
}

interface CountsProps {
  counts: ReviewState["counts"];
  chosen: PairState | null;
  onState: (state: PairState | null) => void;
}

function Counts({ counts, chosen, onState }: CountsProps) {
  return (
    <ul className={classes.counts}>
      {COUNTS.map(([state, name]) => (
        <li key={state}>
          <button
            type="button"
            className={classes.count}
            aria-pressed={chosen === state}
            onClick={() => onState(chosen === state ? null : state)}
          >
            <span aria-hidden="true">{KINDS[state].mark}</span>
            {KINDS[state].word}
            <span className={classes.number}>{counts[name].toLocaleString("en")}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function WorkLeft({
  state: { expected, basis, decided, stop, people_per_pair },
  pace,
  sceneId,
}: {
  state: ReviewState;
  pace: number | null;
  sceneId: number;
}) {
  const total = expected + decided;
  const time = pace ? `, ${spanWords(Math.ceil(expected / pace) * 60)}` : "";
  return (
    <div className={classes.work}>
      <p className={classes.left}>
        about <strong>{expected.toLocaleString("en")}</strong> {expected === 1 ? "decision" : "decisions"}
        {time}
      </p>
      <p className={classes.note}>{basis}</p>
      <Bar fraction={total > 0 ? decided / total : 0} label="Decided" />
      <p className={classes.note}>
        {counted(decided, "decision")} made{pace ? ` · yours: ${pace.toFixed(0)} a minute` : ""}
        {people_per_pair > 1 && ` · ${people_per_pair} people judge each pair`}
      </p>
      {!stop.advised && <p className={classes.note}>{stop.reason}</p>}
      {stop.advised && (
        <p className={classes.stop} role="note">
          <Icon name="check" size={14} />
          <span>
            <strong>You may stop here.</strong> {stop.reason}{" "}
            <Link to={`/scenes/${sceneId}/labels`}>Keep what is confirmed</Link> as a label set.
          </span>
        </p>
      )}
    </div>
  );
}

function Coming({ pairs, onNext }: { pairs: readonly Pair[]; onNext: (by: number) => void }) {
  return (
    <div className={classes.coming}>
      {pairs.map((pair, index) => (
        <button
          key={pairKey(pair)}
          type="button"
          className={classes.pair}
          onClick={() => onNext(index + 1)}
          aria-label={`Go to the pair ${index + 1} further: ${pair.left.camera.name} and ${pair.right.camera.name}`}
        >
          {[pair.left, pair.right].map(({ id, crop_urls }) => (
            <img key={id} src={crop_urls[0]} alt="" />
          ))}
        </button>
      ))}
    </div>
  );
}
