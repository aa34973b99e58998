import { Drawer, Select } from "@mantine/core";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { IdentityPanel } from "@/features/identities/components/IdentityPanel";
import { IdentityTable } from "@/features/identities/components/IdentityTable";
import { useCameras } from "@/features/scenes/api/getCameras";
import { useScene } from "@/features/scenes/api/getScene";
import { cameraCounts, useIdentityFilter } from "./identityFilter";
import { useSceneView } from "./sceneView";
import { useIdentityEdits } from "./useIdentityEdits";
import { useIdentityJourney } from "./useIdentityJourney";
import { useReadTime } from "./useReadTime";

/** A run's identities as rows of pictures; one of them opens beside the list. */
export function IdentitiesPage() {
  const view = useSceneView();
  const scene = useScene(view.sceneId);
  const cameras = useCameras(view.sceneId).data ?? [];
  const readTime = useReadTime(scene.data);
  const navigate = useNavigate();
  const { filter, setFilter, orderings, linkTo } = useIdentityFilter(view, cameras.length);
  const runId = view.run ?? scene.data?.current_run?.id ?? null;
  const { sceneId, identity, change } = view;
  const open = useCallback((number: number) => change({ identity: number }), [change]);
  const edits = useIdentityEdits(scene.data, runId, identity, open, true);
  const journey = useIdentityJourney(sceneId, runId, identity, cameras);
  const close = useCallback(() => change({ identity: null }), [change]);
  const jump = (time: number): void => {
    const place = new URLSearchParams({ t: time.toFixed(3), identity: String(identity) });
    if (view.run !== null) place.set("run", String(view.run));
    void navigate(`/scenes/${sceneId}?${place}`);
  };

  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  const tools = (
    <>
      <Select
        size="xs"
        w={170}
        aria-label="Cameras"
        data={cameraCounts(cameras.length)}
        value={String(filter.minCameras)}
        onChange={(value) => setFilter({ min: value })}
        allowDeselect={false}
      />
      <Select
        size="xs"
        w={170}
        aria-label="Seen by"
        data={[
          { value: "", label: "in any camera" },
          ...cameras.map(({ id, name }) => ({ value: String(id), label: `in ${name}` })),
        ]}
        value={filter.camera === null ? "" : String(filter.camera)}
        onChange={(value) => setFilter({ seen: value || null })}
        allowDeselect={false}
      />
      <Select
        size="xs"
        w={180}
        aria-label="Order"
        data={orderings}
        value={filter.ordering}
        onChange={(value) => setFilter({ order: value })}
        allowDeselect={false}
      />
    </>
  );

  return (
    <Page title="Identities" of={scene.data?.name} tools={tools}>
      {scene.data && runId === null && (
        <EmptyState title="No run has finished">
          Identities appear when a run of this scene has finished.
        </EmptyState>
      )}
      {runId !== null && (
        <>
          <IdentityTable
            runId={runId}
            cameras={cameras}
            filter={filter}
            readTime={readTime}
            linkTo={linkTo}
            onOpen={open}
            selected={identity}
          />
          <Drawer
            opened={identity !== null}
            onClose={close}
            position="right"
            size={440}
            withCloseButton={false}
            attributes={{ content: { "aria-label": `Identity ${identity ?? ""}`, "data-page-keys": true } }}
            padding="md"
          >
            {identity !== null && (
              <IdentityPanel
                runId={runId}
                number={identity}
                cameras={cameras}
                readTime={readTime}
                onJump={jump}
                onClose={close}
                edits={edits}
                journey={journey}
              />
            )}
          </Drawer>
        </>
      )}
    </Page>
  );
}
