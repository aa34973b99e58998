import { Alert, Button, NumberInput, Radio, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { NewDialog } from "@/components/NewDialog";
import { sentenceOf } from "@/lib/api/problem";
import { counted, spanWords } from "@/lib/format";
import { KIND_NAMES, KIND_SAYS, KINDS, type ModelKind, versionName } from "@/lib/modelKinds";
import { newKey } from "@/lib/newKey";
import { useCreateTraining } from "../api/changeTrainings";
import { type LabelSet, type Recipe, useChoices, useEstimate } from "../api/getChoices";
import { type Model, useModels } from "../api/getModels";

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
      {create.error && (
        <Alert color="red" variant="light" role="alert">
          {sentenceOf(create.error)}
        </Alert>
      )}
      <Select
        label="Label set"
        description={setWords(set, trains)}
        data={choices.sets.map((each) => ({
          value: String(each.id),
          label: `Set ${each.number} ${each.name}`.trim(),
        }))}
        value={String(set.id)}
        onChange={setNamed}
        allowDeselect={false}
      />
      {isTooOld && (
        <Alert color="yellow" variant="light" role="alert">
          A detector cannot learn from this set: it does not say what else was seen, which would be taken for
          background. <Link to={`/scenes/${sceneId}/labels`}>Make a new set</Link> for it.
        </Alert>
      )}
      <Radio.Group label="Recipe" value={wanted.recipe} onChange={setRecipe}>
        {KINDS.map((kind) => (
          <Recipes key={kind} kind={kind} recipes={choices.recipes.filter((each) => each.trains === kind)} />
        ))}
      </Radio.Group>
      {known.isError && models.length === 0 && (
        <Alert color="red" variant="light" role="alert">
          {sentenceOf(known.error)}
        </Alert>
      )}
      <Select
        label="Begin with the weights of"
        data={models.map((number) => ({ value: String(number), label: startWords(trains, number) }))}
        value={String(wanted.start)}
        onChange={(value) => value && setStarts({ ...starts, [trains]: value })}
        allowDeselect={false}
      />
      <NumberInput
        label="At most, minutes"
        description={
          manages
            ? `An analyst may take ${choices.minutes} here.`
            : `The managers of this scene allow ${choices.minutes}.`
        }
        min={1}
        max={manages ? 1440 : choices.minutes}
        value={wanted.minutes}
        onChange={(value) => setMinutes(typeof value === "number" ? value : null)}
      />
      <Button onClick={begin} loading={create.isPending} disabled={isTooOld || models.length === 0}>
        Start the training{estimate.data !== undefined && `, about ${spanWords(estimate.data)}`}
      </Button>
    </Stack>
  );
}

/** The recipes of one kind, under what they teach. */
function Recipes({ kind, recipes }: { kind: ModelKind; recipes: readonly Recipe[] }) {
  if (recipes.length === 0) return null;
  return (
    <Stack gap="xs" mt="xs" role="group" aria-labelledby={`recipes-${kind}`}>
      <Text size="xs" fw={600} id={`recipes-${kind}`}>
        {KIND_NAMES[kind]}: {KIND_SAYS[kind]}
      </Text>
      {recipes.map(({ name, title, description }) => (
        <Radio key={name} value={name} label={title} description={description} />
      ))}
    </Stack>
  );
}

/** Numbers of the models that a training may begin with, the active one first. */
function startsOf(models: readonly Model[]): number[] {
  const [active, others] = [true, false].map((wanted) =>
    models.filter(({ state }) => (state === "active") === wanted).map(({ number }) => number),
  );
  return [...(active ?? []), ...(others ?? [])];
}

function setWords({ statistics }: LabelSet, trains: ModelKind): string {
  const {
    shared_identities: shared,
    held_identities: held,
    tracklets,
    boxes,
    other_tracklets: other,
  } = statistics;
  if (trains === "detector") {
    const beside = other == null ? "" : `; ${counted(other, "other tracklet")} left out of account`;
    return `${counted(boxes, "box", "boxes")} of ${counted(tracklets, "tracklet")} that people vouch for${beside}.`;
  }
  return `${counted(shared, "vehicle")} seen by several cameras, ${counted(tracklets, "tracklet")}; ${counted(held, "vehicle")} kept back to compare models on.`;
}

function startWords(kind: ModelKind, number: number): string {
  const name = versionName(kind, number);
  return number === 1 ? `${name}, which comes with Crosstrack` : name;
}
