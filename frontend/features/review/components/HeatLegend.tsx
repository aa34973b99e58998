import { Button } from "@mantine/core";
import { sentenceOf } from "@/lib/api/problem";
import type { PairHeat } from "../hooks/useHeat";
import classes from "./HeatLegend.module.css";
import why from "./WhyPanel.module.css";

/** What the colours over the two pictures say, or how far they are. */
export function HeatLegend({ heat }: { heat: PairHeat }) {
  return (
    <div className={why.row} role="status">
      <span className={why.term}>Where they look alike</span>
      {heat.state === "working" && <span className={why.note}>being worked out…</span>}
      {heat.state === "failed" && (
        <span className={why.note}>
          {reasonOf(heat.problem)}{" "}
          <Button size="compact-xs" variant="default" onClick={heat.retry}>
            Try again
          </Button>
        </span>
      )}
      {heat.similarity !== null && (
        <span className={why.note}>
          <span className={classes.for} aria-hidden="true" /> alike{" "}
          <span className={classes.against} aria-hidden="true" /> apart · likeness of these two pictures{" "}
          {heat.similarity.toFixed(2)}
        </span>
      )}
    </div>
  );
}

function reasonOf(problem: unknown): string {
  return typeof problem === "string" ? problem : sentenceOf(problem);
}
