import { flat } from "@/lib/flat";
import type { Model } from "../api/getModels";
import classes from "./training.module.css";

/** The training's own report, line by line: what was learned from and how good it was first, then all settings. */
export function ModelFacts({ card }: { card: NonNullable<Model["card"]> }) {
  const { recipe, ...facts } = card;
  const lines = flat({ ...facts, recipe });
  if (lines.length === 0) return null;
  return (
    <details className={classes.card}>
      <summary>What it learned from, its scores and settings</summary>
      <dl>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name.replaceAll("_", " ")}</dt>
            <dd>{rounded(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Scores to four places; settings and names as they are. */
function rounded(value: string): string {
  return /^-?\d+\.\d{5,}$/.test(value) ? Number(value).toFixed(4) : value;
}
