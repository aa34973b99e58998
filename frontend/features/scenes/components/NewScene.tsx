import { Alert, Button, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { NewDialog } from "@/components/NewDialog";
import { Problem, sentenceOf } from "@/lib/api/problem";
import { newKey } from "@/lib/newKey";
import { useCreateScene } from "../api/createScene";

/** The button and the form that make an empty scene. */
export function NewScene() {
  return (
    <NewDialog id="new-scene" title="New scene">
      {() => <NewSceneForm />}
    </NewDialog>
  );
}

function NewSceneForm() {
  const create = useCreateScene();
  const navigate = useNavigate();
  const [key] = useState(() => newKey());
  const fields = create.error instanceof Problem ? create.error.fields : {};

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = {
      name: String(form.get("name")),
      description: String(form.get("description")),
      time_zone: String(form.get("time_zone")),
    };
    create.mutate({ key, body }, { onSuccess: (scene) => void navigate(`/scenes/${scene.id}`) });
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {create.isError && Object.keys(fields).length === 0 && (
          <Alert color="red" variant="light" role="alert">
            {sentenceOf(create.error)}
          </Alert>
        )}
        <TextInput name="name" label="Name" required maxLength={120} data-autofocus error={fields.name} />
        <Textarea name="description" label="Description" autosize minRows={2} error={fields.description} />
        <TextInput
          name="time_zone"
          label="Time zone"
          defaultValue={Intl.DateTimeFormat().resolvedOptions().timeZone}
          error={fields.time_zone}
        />
        <Button type="submit" loading={create.isPending}>
          Make the scene
        </Button>
      </Stack>
    </form>
  );
}
