import { Alert, Button, Radio, Skeleton, Stack } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { NewDialog } from "@/components/NewDialog";
import { sentenceOf } from "@/lib/api/problem";
import { newKey } from "@/lib/newKey";
import { useCreateRun } from "../api/createRun";
import { useEstimates } from "../api/getEstimates";
import { usePresets } from "../api/getPresets";
import { estimateWords, presetToStart } from "../presets";

interface Props {
  sceneId: number;
  /** Of the scene's newest run. */
  lastPreset: string | null;
}

/** The button that starts a run, with the choice of its preset. */
export function NewRun(props: Props) {
  return (
    <NewDialog id="new-run" title="New run">
      {(close) => <PresetChoice {...props} onStarted={close} />}
    </NewDialog>
  );
}

function PresetChoice({ sceneId, lastPreset, onStarted }: Props & { onStarted: () => void }) {
  const presets = usePresets();
  const estimates = useEstimates(sceneId).data;
  const create = useCreateRun(sceneId);
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const [chosen, setChosen] = useState<string | null>(null);
  const offered = presets.data?.map(({ name }) => name) ?? [];
  const preset = chosen ?? presetToStart(offered, lastPreset);

  function start(): void {
    if (preset === null) return;
    const onSuccess = (run: { id: number }): void => {
      onStarted();
      void navigate(`/scenes/${sceneId}/runs/${run.id}`);
    };
    create.mutate({ key: `${key}-${preset}`, preset }, { onSuccess });
  }

  const error = create.error ?? presets.error;
  return (
    <Stack>
      {error && (
        <Alert color="red" variant="light" role="alert">
          {sentenceOf(error)}
        </Alert>
      )}
      {presets.isPending && <Skeleton height={120} />}
      <Radio.Group label="Preset" value={preset} onChange={setChosen}>
        <Stack gap="xs" mt="xs">
          {presets.data?.map(({ name, title, description }) => (
            <Radio
              key={name}
              value={name}
              label={title}
              description={
                <>
                  {description}
                  {estimates && (
                    <>
                      <br />
                      {estimateWords(estimates.find((each) => each.preset === name))}
                    </>
                  )}
                </>
              }
            />
          ))}
        </Stack>
      </Radio.Group>
      <Button onClick={start} loading={create.isPending} disabled={preset === null}>
        Start the run
      </Button>
    </Stack>
  );
}
