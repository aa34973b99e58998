import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { sentenceOf } from "@/lib/api/problem";
import { useAddCamera } from "../api/addCamera";
import classes from "./setup.module.css";

/** A new camera of the scene, by its name. */
export function AddCamera({ sceneId }: { sceneId: number }) {
  const add = useAddCamera(sceneId);
  const [name, setName] = useState("");

  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate(name.trim(), {
      // What has been typed since is the next one's.
      onSuccess: () => setName((now) => (now === name ? "" : now)),
    });
  }

  return (
    <form onSubmit={submit} className={classes.buttons}>
      <TextInput
        size="xs"
        w={140}
        placeholder="c001"
        aria-label="Name of a new camera"
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={add.isError && sentenceOf(add.error)}
      />
      <Button type="submit" variant="default" disabled={name.trim() === ""} loading={add.isPending}>
        Add a camera
      </Button>
    </form>
  );
}
