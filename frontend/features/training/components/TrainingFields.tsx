import { Alert, NumberInput, Radio, Select, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import { counted } from "@/lib/format";
import { KIND_NAMES, KIND_SAYS, KINDS, type ModelKind, versionName } from "@/lib/modelKinds";
import type { LabelSet, Recipe } from "../api/getChoices";

interface LabelSetProps {
  sets: readonly LabelSet[];
  chosen: LabelSet;
  trains: ModelKind;
  onChoose: (id: string | null) => void;
}

/** What is learned from. */
export function LabelSetField({ sets, chosen, trains, onChoose }: LabelSetProps) {
  return (
    <Select
      label="Label set"
      description={setWords(chosen, trains)}
      data={sets.map(({ id, number, name }) => ({
        value: String(id),
        label: `Set ${number} ${name}`.trim(),
      }))}
      value={String(chosen.id)}
      onChange={onChoose}
      allowDeselect={false}
    />
  );
}

/** Why a detector can learn nothing from a set. */
export function TooOld({ sceneId }: { sceneId: number }) {
  return (
    <Alert color="yellow" variant="light" role="alert">
      A detector cannot learn from this set: it does not say what else was seen, which would be taken for
      background. <Link to={`/scenes/${sceneId}/labels`}>Make a new set</Link> for it.
    </Alert>
  );
}

interface RecipeProps {
  recipes: readonly Recipe[];
  value: string;
  onChoose: (name: string) => void;
}

/** How it is learned, and which of the scene's networks learns. */
export function RecipeField({ recipes, value, onChoose }: RecipeProps) {
  return (
    <Radio.Group label="Recipe" value={value} onChange={onChoose}>
      {KINDS.map((kind) => (
        <Recipes key={kind} kind={kind} recipes={recipes.filter(({ trains }) => trains === kind)} />
      ))}
    </Radio.Group>
  );
}

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

interface StartProps {
  trains: ModelKind;
  numbers: readonly number[];
  value: number;
  onChoose: (number: string | null) => void;
}

/** Where it begins. */
export function StartField({ trains, numbers, value, onChoose }: StartProps) {
  return (
    <Select
      label="Begin with the weights of"
      data={numbers.map((number) => ({ value: String(number), label: startWords(trains, number) }))}
      value={String(value)}
      onChange={onChoose}
      allowDeselect={false}
    />
  );
}

interface MinutesProps {
  /** What an analyst may take. */
  budget: number;
  manages: boolean;
  value: number;
  onChoose: (minutes: number | null) => void;
}

/** How long it may take. */
export function MinutesField({ budget, manages, value, onChoose }: MinutesProps) {
  return (
    <NumberInput
      label="At most, minutes"
      description={
        manages ? `An analyst may take ${budget} here.` : `The managers of this scene allow ${budget}.`
      }
      min={1}
      max={manages ? 1440 : budget}
      value={value}
      onChange={(minutes) => onChoose(typeof minutes === "number" ? minutes : null)}
    />
  );
}

function setWords({ statistics }: LabelSet, trains: ModelKind): string {
  const { shared_identities: shared, held_identities: held, tracklets, boxes } = statistics;
  const { other_tracklets: others } = statistics;
  if (trains === "detector") {
    const beside = others == null ? "" : `; ${counted(others, "other")} not taken for background`;
    return `${counted(boxes, "box", "boxes")} of ${counted(tracklets, "labelled tracklet")}${beside}.`;
  }
  return `${counted(shared, "vehicle")} seen by several cameras, ${counted(tracklets, "tracklet")}; ${counted(held, "vehicle")} kept back to compare models on.`;
}

function startWords(kind: ModelKind, number: number): string {
  const name = versionName(kind, number);
  return number === 1 ? `${name}, which comes with Crosstrack` : name;
}
