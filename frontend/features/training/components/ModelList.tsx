import { Alert, Button, Skeleton } from "@mantine/core";
import { Link, useNavigate } from "react-router";
import { ProblemState } from "@/components/ProblemState";
import { sentenceOf } from "@/lib/api/problem";
import { useChangeModels } from "../api/changeModels";
import { type Model, useModels } from "../api/getModels";
import { ComparisonChart } from "./ComparisonChart";
import classes from "./training.module.css";

interface Props {
  sceneId: number;
  labels: boolean;
  manages: boolean;
}

/** The scene's models: what each learned from, how it compares, and which one counts. */
export function ModelList({ sceneId, labels, manages }: Props) {
  const { data: models, ...asked } = useModels(sceneId);
  const { compare, promote, rollBack } = useChangeModels(sceneId);
  const navigate = useNavigate();
  if (asked.isPending) return <Skeleton height={160} />;
  if (!models) return <ProblemState error={asked.error} onRetry={() => void asked.refetch()} />;
  const error = compare.error ?? promote.error ?? rollBack.error;
  const toRun = ({ run }: { run: number | null }): void => {
    if (run !== null) void navigate(`/scenes/${sceneId}/runs/${run}`);
  };
  const wasPromoted = models.some(
    ({ state, number }) => state === "archived" || (state === "active" && number > 1),
  );
  return (
    <section aria-labelledby="models" className={classes.view}>
      <header className={classes.line}>
        <h2 id="models" className={classes.title}>
          Models
        </h2>
        {manages && wasPromoted && (
          <Button
            size="compact-sm"
            variant="default"
            className={classes.buttons ?? ""}
            loading={rollBack.isPending}
            onClick={() => rollBack.mutate(undefined, { onSuccess: toRun })}
          >
            Go back to the model before
          </Button>
        )}
      </header>
      {error && (
        <Alert color="red" variant="light" role="alert">
          {sentenceOf(error)}
        </Alert>
      )}
      {models.map((model) => (
        <article
          key={model.number}
          id={`model-${model.number}`}
          className={classes.model}
          aria-label={`Model ${model.number}`}
        >
          <div className={classes.line}>
            <h3 className={classes.heading}>Model {model.number}</h3>
            <span className={classes.state} data-state={model.state}>
              <span aria-hidden="true">{MARKS[model.state]}</span> {model.state}
            </span>
            <span className={classes.quiet}>{origin(model)}</span>
            <span className={classes.buttons}>
              {model.comparing && (
                <Link to={`/jobs?scene=${sceneId}&job=${model.comparison_job}`}>Progress</Link>
              )}
              {labels && model.id !== null && model.state !== "active" && (
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={compare.isPending && compare.variables.id === model.id}
                  disabled={model.comparing}
                  onClick={() => compare.mutate({ id: model.id ?? 0 })}
                >
                  {model.comparing ? "Comparing" : "Compare with the active one"}
                </Button>
              )}
              {manages && model.state !== "active" && (
                <Button
                  size="compact-sm"
                  loading={promote.isPending && promote.variables === model.number}
                  onClick={() => promote.mutate(model.number, { onSuccess: toRun })}
                >
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
          {model.comparison && <ComparisonChart number={model.number} comparison={model.comparison} />}
          {model.sha256 && <p className={classes.checksum}>sha256 {model.sha256}</p>}
        </article>
      ))}
    </section>
  );
}

const MARKS = { active: "●", candidate: "○", archived: "■" } as const;

function origin({ number, training, label_set: set, recipe, began_with: parent }: Model): string {
  if (number === 1) return "comes with Crosstrack";
  return `training ${training} on label set ${set}, recipe ${recipe}, from model ${parent}`;
}
