import { Alert, Button, NumberInput, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { NewDialog } from "@/components/NewDialog";
import { sentenceOf } from "@/lib/api/problem";
import { useCreateLabelSet } from "../api/createLabelSet";

/** The button and the form that keep what people have confirmed. */
export function NewLabelSet({ sceneId }: { sceneId: number }) {
  return (
    <NewDialog id="label-set" title="New label set">
      {(close) => <Form sceneId={sceneId} onDone={close} />}
    </NewDialog>
  );
}

function Form({ sceneId, onDone }: { sceneId: number; onDone: () => void }) {
  const create = useCreateLabelSet(sceneId);
  const [withMachine, setWithMachine] = useState(false);
  const [probability, setProbability] = useState<number | string>(95);
  const [held, setHeld] = useState<number | string>(20);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    const machine_from = withMachine ? Number(probability) / 100 : null;
    create.mutate({ name, machine_from, held_share: Number(held) / 100, seed: 0 }, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {create.isError && (
          <Alert color="red" variant="light" role="alert">
            {sentenceOf(create.error)}
          </Alert>
        )}
        <TextInput name="name" label="Name" placeholder="optional" maxLength={100} data-autofocus />
        <Switch
          label="Take the machine's confident joins too, marked as such"
          checked={withMachine}
          onChange={(event) => setWithMachine(event.currentTarget.checked)}
        />
        {withMachine && (
          <NumberInput
            label="Joins of at least this probability"
            suffix=" %"
            min={1}
            max={100}
            value={probability}
            onChange={setProbability}
            required
          />
        )}
        <NumberInput
          label="Kept back to compare models on"
          description="Share of the vehicles that are not trained on; one that is kept back stays so."
          suffix=" %"
          min={0}
          max={90}
          value={held}
          onChange={setHeld}
          required
        />
        <Button type="submit" loading={create.isPending}>
          Keep what is confirmed now
        </Button>
      </Stack>
    </form>
  );
}
