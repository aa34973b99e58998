import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { NewDialog } from "@/components/NewDialog";
import { sentenceOf } from "@/lib/api/problem";
import { spanWords } from "@/lib/format";
import type { ModelKind } from "@/lib/modelKinds";
import { newKey } from "@/lib/newKey";
import { useCreateTraining } from "../api/changeTrainings";
import { useChoices, useEstimate } from "../api/getChoices";
import { type Model, useModels } from "../api/getModels";
import { LabelSetField, MinutesField, RecipeField, StartField, TooOld } from "./TrainingFields";

interface Props {
  sceneId: number;
  manages: boolean;
  /** The label set (id) that somebody came to train on. */
  wantedSet: number | null;
  onStarted: (trainingId: number) => void;
}

/** The button that starts a training, with what it is made of. */
export function NewTraining({ wantedSet, onStarted, ...props }: Props) {
  return (
    <NewDialog id="new-training" title="New training" size="lg" startsOpen={wantedSet !== null}>
      {(close) => (
        <Choices
          {...props}
          wantedSet={wantedSet}
          onStarted={(trainingId) => {
            close();
            onStarted(trainingId);
          }}
        />
      )}
    </NewDialog>
  );
}

function Choices({ sceneId, manages, wantedSet, onStarted }: Props) {
  const { data: choices, ...asked } = useChoices(sceneId, wantedSet);
  const create = useCreateTraining(sceneId);
  const [key] = useState(newKey);
  const [named, setNamed] = useState(wantedSet === null ? null : String(wantedSet));
  const [recipe, setRecipe] = useState<string | null>(null);
  const [starts, setStarts] = useState<Partial<Record<ModelKind, string>>>({});
  const [minutes, setMinutes] = useState<number | null>(null);
  const set = choices?.sets.find(({ id }) => String(id) === named) ?? choices?.sets[0];
  const chosen = choices?.recipes.find(({ name }) => name === recipe) ?? choices?.recipes[0];
  const trains = chosen?.trains ?? "embedding";
  const known = useModels(sceneId, trains);
  const models = startsOf(known.data ?? []);
  const isTooOld = trains === "detector" && set !== undefined && set.statistics.other_tracklets == null;
  const estimate = useEstimate(isTooOld ? null : (set?.id ?? null), chosen?.name ?? null);
  if (asked.isPending) return <Skeleton height={240} />;
  if (!choices) return <Alert color="red">{sentenceOf(asked.error)}</Alert>;
  if (!set)
    return (
      <Text>
        A training learns from a label set, and this scene has none yet.{" "}
        <Link to={`/scenes/${sceneId}/labels`}>Make one</Link> of what people have confirmed.
      </Text>
    );
  const wanted = {
    label_set: set.id,
    recipe: chosen?.name ?? "",
    minutes: minutes ?? choices.minutes,
    start: Number(starts[trains] ?? models[0] ?? 1),
  };
  const begin = (): void =>
    create.mutate(
      { key: `${key}-${JSON.stringify(wanted)}`, ...wanted },
      { onSuccess: ({ id }) => onStarted(id) },
    );
  return (
    <Stack>
      {create.error && <Problem error={create.error} />}
      <LabelSetField sets={choices.sets} chosen={set} trains={trains} onChoose={setNamed} />
      {isTooOld && <TooOld sceneId={sceneId} />}
      <RecipeField recipes={choices.recipes} value={wanted.recipe} onChoose={setRecipe} />
      {known.isError && !known.data && <Problem error={known.error} />}
      <StartField
        trains={trains}
        numbers={models}
        value={wanted.start}
        onChoose={(start) => start && setStarts({ ...starts, [trains]: start })}
      />
      <MinutesField budget={choices.minutes} manages={manages} value={wanted.minutes} onChoose={setMinutes} />
      <Button onClick={begin} loading={create.isPending} disabled={isTooOld || models.length === 0}>
        Start the training{estimate.data !== undefined && `, about ${spanWords(estimate.data)}`}
      </Button>
    </Stack>
  );
}

function Problem({ error }: { error: unknown }) {
  return (
    <Alert color="red" variant="light" role="alert">
      {sentenceOf(error)}
    </Alert>
  );
}

/** Numbers of the models that a training may begin with, the active one first. */
function startsOf(models: readonly Model[]): number[] {
  const [active, others] = [true, false].map((wanted) =>
    models.filter(({ state }) => (state === "active") === wanted).map(({ number }) => number),
  );
  return [...(active ?? []), ...(others ?? [])];
}
