import { Alert, Button, NumberInput, Radio, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { NewDialog } from "@/components/NewDialog";
import { sentenceOf } from "@/lib/api/problem";
import { counted, spanWords } from "@/lib/format";
import { newKey } from "@/lib/newKey";
import { useCreateTraining } from "../api/changeTrainings";
import { type LabelSet, useChoices, useEstimate } from "../api/getChoices";

interface Props {
  sceneId: number;
  /** Numbers of the models that it may begin with, the active one first. */
  models: readonly number[];
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

function Choices({ sceneId, models, manages, wantedSet, onStarted }: Props) {
  const { data: choices, ...asked } = useChoices(sceneId, wantedSet);
  const create = useCreateTraining(sceneId);
  const [key] = useState(newKey);
  const [named, setNamed] = useState(wantedSet === null ? null : String(wantedSet));
  const [recipe, setRecipe] = useState<string | null>(null);
  const [start, setStart] = useState<string | null>(null);
  const [minutes, setMinutes] = useState<number | null>(null);
  const set = choices?.sets.find(({ id }) => String(id) === named) ?? choices?.sets[0];
  const chosen = recipe ?? choices?.recipes[0]?.name ?? null;
  const estimate = useEstimate(set?.id ?? null, chosen);
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
    recipe: chosen ?? "",
    minutes: minutes ?? choices.minutes,
    start: Number(start ?? models[0] ?? 1),
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
        description={setWords(set)}
        data={choices.sets.map((each) => ({
          value: String(each.id),
          label: `Set ${each.number} ${each.name}`.trim(),
        }))}
        value={String(set.id)}
        onChange={setNamed}
        allowDeselect={false}
      />
      <Radio.Group label="Recipe" value={wanted.recipe} onChange={setRecipe}>
        <Stack gap="xs" mt="xs">
          {choices.recipes.map(({ name, title, description }) => (
            <Radio key={name} value={name} label={title} description={description} />
          ))}
        </Stack>
      </Radio.Group>
      <Select
        label="Begin with the weights of"
        data={models.map((number) => ({ value: String(number), label: modelName(number) }))}
        value={String(wanted.start)}
        onChange={setStart}
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
      <Button onClick={begin} loading={create.isPending}>
        Start the training{estimate.data !== undefined && `, about ${spanWords(estimate.data)}`}
      </Button>
    </Stack>
  );
}

function setWords({ statistics }: LabelSet): string {
  const { shared_identities: shared, held_identities: held, tracklets } = statistics;
  return `${counted(shared, "vehicle")} seen by several cameras, ${counted(tracklets, "tracklet")}; ${counted(held, "vehicle")} kept back to compare models on.`;
}

function modelName(number: number): string {
  return number === 1 ? "Model 1, which comes with Crosstrack" : `Model ${number}`;
}
