import { Alert, Button } from "@mantine/core";
import { Link } from "react-router";
import { versionAnchor, versionName, versionWords } from "@/lib/modelKinds";
import type { Model } from "../api/getModels";
import { ComparisonChart } from "./ComparisonChart";
import { ModelFacts } from "./ModelFacts";
import classes from "./training.module.css";

interface Props {
  sceneId: number;
  model: Model;
  /** Null for who may not. */
  onCompare: (() => void) | null;
  isComparing: boolean;
  onPromote: (() => void) | null;
  isPromoting: boolean;
}

/** One model: what it learned from, how it compares, and what can be done with it. */
export function ModelCard({ sceneId, model, onCompare, isComparing, onPromote, isPromoting }: Props) {
  const name = versionName(model.kind, model.number);
  return (
    <article id={versionAnchor(model.kind, model.number)} className={classes.model} aria-label={name}>
      <div className={classes.line}>
        <h3 className={classes.heading}>{name}</h3>
        <span className={classes.state} data-state={model.state}>
          <span aria-hidden="true">{MARKS[model.state]}</span> {model.state}
        </span>
        <span className={classes.quiet}>{origin(model)}</span>
        <span className={classes.buttons}>
          {model.comparing && <Link to={`/jobs?scene=${sceneId}&job=${model.comparison_job}`}>Progress</Link>}
          {onCompare && model.id !== null && model.state !== "active" && (
            <Button
              size="compact-sm"
              variant="default"
              loading={isComparing}
              disabled={model.comparing}
              onClick={onCompare}
            >
              {model.comparing ? "Comparing" : "Compare with the active one"}
            </Button>
          )}
          {onPromote && model.state !== "active" && (
            <Button size="compact-sm" loading={isPromoting} onClick={onPromote}>
              Promote
            </Button>
          )}
        </span>
      </div>
      {model.comparison_problem && (
        <Alert color="red" variant="light" role="alert">
          Not compared: {model.comparison_problem}
        </Alert>
      )}
      {model.comparison && (
        <ComparisonChart kind={model.kind} number={model.number} comparison={model.comparison} />
      )}
      {model.card && <ModelFacts card={model.card} />}
      {model.sha256 && <p className={classes.checksum}>sha256 {model.sha256}</p>}
    </article>
  );
}

const MARKS = { active: "●", candidate: "○", archived: "■" } as const;

function origin({ kind, number, training, label_set: set, recipe, began_with: parent }: Model): string {
  if (number === 1) return "comes with Crosstrack";
  return `training ${training} on label set ${set}, recipe ${recipe}, from ${versionWords(kind, parent ?? 1)}`;
}
