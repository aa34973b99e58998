import { Button } from "@mantine/core";
import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { exportAddress } from "../api/exportAddress";
import type { Run } from "../api/getRun";

/** Download the run as people see it now: their decisions are in it. */
export function ExportLabels({ run }: { run: Run }) {
  const address = exportAddress(run.id);
  useActions(
    useMemo<Action[]>(
      () => [
        {
          id: "run-export",
          title: "Export labels (CityFlow)",
          group: "This scene",
          keys: "g>e",
          oncePerPress: true,
          perform: () => window.location.assign(address),
        },
      ],
      [address],
    ),
  );
  return (
    <Button
      component="a"
      href={address}
      download
      size="compact-xs"
      variant="default"
      mt={8}
      title="track1.txt as the AI City challenge takes it, the tracks of each camera, and what they were made of"
    >
      Export labels
    </Button>
  );
}
