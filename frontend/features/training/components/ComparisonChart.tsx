import { counted, percent } from "@/lib/format";
import { type ModelKind, versionWords } from "@/lib/modelKinds";
import type { Measure, Model } from "../api/getModels";
import classes from "./training.module.css";

type Comparison = NonNullable<Model["comparison"]>;

const WORDS = {
  map: "mAP",
  rank1: "rank-1",
  idf1: "IDF1",
  ap50: "AP50",
  recall: "recall",
  precision: "precision",
} as const;

interface Props {
  kind: ModelKind;
  number: number;
  comparison: Comparison;
}

/** Two models on what both were kept from: figures with the span in which 95% of the draws lie. */
export function ComparisonChart({ kind, number, comparison }: Props) {
  return (
    <table className={classes.comparison}>
      <caption>{captionOf(comparison)}</caption>
      <thead>
        <tr>
          <th scope="col">measure</th>
          <th scope="col">{versionWords(kind, number)}</th>
          <th scope="col">{versionWords(kind, comparison.against)}</th>
          <th scope="col">difference</th>
          <th scope="col">0% to 100%</th>
        </tr>
      </thead>
      <tbody>
        {comparison.measures.map((measure) => (
          <tr key={measure.name}>
            <th scope="row">{WORDS[measure.name]}</th>
            <td>{spanOf(measure.candidate)}</td>
            <td>{spanOf(measure.other)}</td>
            <td>
              {spanOf(measure.difference)} <strong>{verdict(measure)}</strong>
            </td>
            <td>
              <Bars measure={measure} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What was drawn: vehicles; of detectors for recall alone, and stretches of time with all in them for the rest. */
function captionOf({ vehicles, stretches, label_set: set }: Comparison): string {
  const seen = `${counted(vehicles, "vehicle")} of label set ${set} that neither has learned from`;
  if (stretches == null) return `On ${seen}; spans hold 95% of 1,000 draws of these vehicles.`;
  return `Recall on ${seen}, the rest on all vehicles in ${counted(stretches, "stretch", "stretches")} of time that neither has learned from; spans hold 95% of 1,000 draws of the vehicles or stretches.`;
}

function Bars({ measure }: { measure: Measure }) {
  const rows = [
    { tone: "one", of: measure.candidate, y: 6 },
    { tone: "two", of: measure.other, y: 16 },
  ] as const;
  return (
    <svg viewBox="-4 0 208 22" width="208" height="22" aria-hidden="true">
      <line x1={0} x2={200} y1={11} y2={11} className={classes.grid} />
      {rows.map(({ tone, of, y }) => (
        <g key={tone} data-tone={tone} className={classes.span}>
          <line x1={200 * of.low} x2={200 * of.high} y1={y} y2={y} />
          <circle cx={200 * of.value} cy={y} r={3.5} />
        </g>
      ))}
    </svg>
  );
}

function spanOf({ value, low, high }: Measure["candidate"]): string {
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

function verdict({ difference }: Measure): string {
  if (difference.low === 0 && difference.high === 0) return "= the same";
  if (difference.low > 0) return "▲ better";
  return difference.high < 0 ? "▼ worse" : "○ not sure";
}
