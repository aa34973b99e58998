import { Alert, Button, Checkbox, CopyButton, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { Icon } from "@/components/Icon";
import { sentenceOf } from "@/lib/api/problem";
import { useCreateToken } from "../api/createToken";
import classes from "./NewToken.module.css";

const LIFETIMES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "one year" },
  { value: "", label: "no end" },
];
const DAY_MS = 86_400_000;

/** The button and the form that make a token. */
export function NewToken() {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<Icon name="plus" />} onClick={dialog.open}>
        New token
      </Button>
      <Modal opened={opened} onClose={dialog.close} title="New access token" closeOnClickOutside={false}>
        <NewTokenForm onDone={dialog.close} />
      </Modal>
    </>
  );
}

function NewTokenForm({ onDone }: { onDone: () => void }) {
  const create = useCreateToken();
  const [days, setDays] = useState<string | null>("90");
  if (create.data) return <Secret secret={create.data.secret} onDone={onDone} />;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const expires_at = days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null;
    create.mutate({ name: String(form.get("name")), read_only: form.has("read_only"), expires_at });
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {create.isError && (
          <Alert color="red" variant="light" role="alert">
            {sentenceOf(create.error)}
          </Alert>
        )}
        <TextInput name="name" label="What is it for?" required maxLength={80} data-autofocus />
        <Select label="Ends after" data={LIFETIMES} value={days} onChange={setDays} allowDeselect={false} />
        <Checkbox name="read_only" label="Reads only: it cannot change anything" defaultChecked />
        <Button type="submit" loading={create.isPending}>
          Make the token
        </Button>
      </Stack>
    </form>
  );
}

function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Stack>
      <p className={classes.word}>Copy the token now. It is not stored and cannot be shown again.</p>
      <code className={classes.secret} data-testid="secret">
        {secret}
      </code>
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
