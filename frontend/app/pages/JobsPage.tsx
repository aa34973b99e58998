import { Button, SegmentedControl } from "@mantine/core";
import { useSearchParams } from "react-router";
import { Page } from "@/components/Page";
import type { JobFilter } from "@/features/jobs/api/getJobs";
import { JobDrawer } from "@/features/jobs/components/JobDrawer";
import { JobTable } from "@/features/jobs/components/JobTable";
import { wholeNumber } from "./sceneView";

const STATES = ["queued", "running", "succeeded", "failed", "errored", "cancelled"] as const;
type State = (typeof STATES)[number];

function stateOf(text: string | null): State | null {
  return STATES.find((state) => state === text) ?? null;
}

/** Jobs of all scenes, or of the scene or run that the address names. */
export function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const job = wholeNumber(search.get("job"));
  const run = wholeNumber(search.get("run"));
  const scene = wholeNumber(search.get("scene"));
  const filter: JobFilter = {
    state: stateOf(search.get("state")),
    scene,
    run,
  };

  function change(name: string, value: string | null): void {
    const changed = (before: URLSearchParams): URLSearchParams => {
      const after = new URLSearchParams(before);
      if (value) after.set(name, value);
      else after.delete(name);
      return after;
    };
    setSearch(changed, { replace: true });
  }

  const tools = (
    <>
      {run !== null && (
        <Button size="xs" variant="default" onClick={() => change("run", null)}>
          Of one run only: show all
        </Button>
      )}
      {scene !== null && (
        <Button size="xs" variant="default" onClick={() => change("scene", null)}>
          Of one scene only: show all
        </Button>
      )}
      <SegmentedControl
        size="xs"
        aria-label="State"
        value={filter.state ?? ""}
        onChange={(value) => change("state", value)}
        data={[{ value: "", label: "all" }, ...STATES.map((state) => ({ value: state, label: state }))]}
      />
    </>
  );

  return (
    <Page title="Jobs" tools={tools}>
      <JobTable filter={filter} onOpen={(id) => change("job", String(id))} />
      <JobDrawer jobId={job} onClose={() => change("job", null)} />
    </Page>
  );
}
