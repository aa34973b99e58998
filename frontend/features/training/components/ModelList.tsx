import { Alert, Button, Skeleton } from "@mantine/core";
import { useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { ProblemState } from "@/components/ProblemState";
import { sentenceOf } from "@/lib/api/problem";
import type { ModelKind } from "@/lib/modelKinds";
import { useChangeModels } from "../api/changeModels";
import { useModels } from "../api/getModels";
import { ModelCard } from "./ModelCard";
import classes from "./training.module.css";

interface Props {
  sceneId: number;
  kind: ModelKind;
  labels: boolean;
  manages: boolean;
}

/** The scene's models of a kind: what each learned from, how it compares, and which one counts. */
export function ModelList({ sceneId, kind, labels, manages }: Props) {
  const { data: models, ...asked } = useModels(sceneId, kind);
  const { compare, promote, rollBack } = useChangeModels(sceneId, kind);
  const navigate = useNavigate();
  useShownAnchor(models !== undefined);
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
    <>
      {error && (
        <Alert color="red" variant="light" role="alert">
          {sentenceOf(error)}
        </Alert>
      )}
      {models.map((model) => (
        <ModelCard
          key={model.number}
          sceneId={sceneId}
          model={model}
          onCompare={labels ? () => compare.mutate({ id: model.id ?? 0 }) : null}
          isComparing={compare.isPending && compare.variables.id === model.id}
          onPromote={manages ? () => promote.mutate(model.number, { onSuccess: toRun }) : null}
          isPromoting={promote.isPending && promote.variables === model.number}
        />
      ))}
      {manages && wasPromoted && (
        <Button
          size="compact-sm"
          variant="default"
          className={classes.back ?? ""}
          loading={rollBack.isPending}
          onClick={() => rollBack.mutate(undefined, { onSuccess: toRun })}
        >
          Go back to the {kind} before
        </Button>
      )}
    </>
  );
}

/** The model that the address names is scrolled to when the list has come. */
function useShownAnchor(isThere: boolean): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (isThere && hash) document.getElementById(hash.slice(1))?.scrollIntoView({ block: "nearest" });
  }, [hash, isThere]);
}
