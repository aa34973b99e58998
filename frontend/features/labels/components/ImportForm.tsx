import { Alert, Button, FileButton, Select, Switch } from "@mantine/core";
import { useRef, useState } from "react";
import { sentenceOf } from "@/lib/api/problem";
import { useCreateLabelImport } from "../api/createLabelImport";
import type { LabelImport } from "../api/getLabelImports";
import { IMPORTED } from "../words";
import classes from "./labels.module.css";

/** Bring a file of labels; it is checked first. */
export function ImportForm({ sceneId }: { sceneId: number }) {
  const create = useCreateLabelImport(sceneId);
  const [kind, setKind] = useState<LabelImport["format"]>("cityflow");
  const [acrossCameras, setAcrossCameras] = useState(true);
  const reset = useRef<() => void>(null);

  function send(file: File | null): void {
    if (file) create.mutate({ file, kind, ids: acrossCameras ? "scene" : "camera" });
    reset.current?.();
  }

  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.heading}>Import labels</h2>
        <Switch
          label="One id is one vehicle in all cameras"
          checked={acrossCameras}
          onChange={(event) => setAcrossCameras(event.currentTarget.checked)}
        />
        <Select
          aria-label="Format of the file"
          data={[...IMPORTED]}
          value={kind}
          onChange={(value) => value && setKind(value as LabelImport["format"])}
          allowDeselect={false}
          w={260}
        />
        <FileButton
          resetRef={reset}
          onChange={send}
          accept=".zip,.xml,.json"
          inputProps={{ "aria-label": "File of labels" }}
        >
          {(props) => (
            <Button {...props} loading={create.isPending}>
              Choose a file to check
            </Button>
          )}
        </FileButton>
      </div>
      {create.isError && (
        <Alert color="red" variant="light" role="alert" m={12}>
          {sentenceOf(create.error)}
        </Alert>
      )}
    </>
  );
}
