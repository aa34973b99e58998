import { Button, SegmentedControl, Skeleton } from "@mantine/core";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { useGround } from "@/features/map/api/getGround";
import { type Camera, useCameras } from "@/features/scenes/api/getCameras";
import { type Scene, useScene } from "@/features/scenes/api/getScene";
import { useClockOffsets } from "@/features/setup/api/clocks";
import { useLearnedLinks } from "@/features/setup/api/getLearnedLinks";
import { useLinkBase } from "@/features/setup/api/getLinkBase";
import { useSetup } from "@/features/setup/api/getSetup";
import { usePlan } from "@/features/setup/api/plan";
import { AddCamera } from "@/features/setup/components/AddCamera";
import { CalibrationEditor } from "@/features/setup/components/CalibrationEditor";
import { ClocksTable } from "@/features/setup/components/ClocksTable";
import { LinksEditor } from "@/features/setup/components/LinksEditor";
import { PlanEditor } from "@/features/setup/components/PlanEditor";
import { RegionEditor } from "@/features/setup/components/RegionEditor";
import type { ChosenFrame } from "@/features/setup/components/SetupPicture";
import { sentenceOf } from "@/lib/api/problem";
import type { PlayerVideo } from "@/lib/player/camera";
import { atLeast } from "@/lib/roles";
import { playerCameras } from "./playerCameras";
import classes from "./SetupPage.module.css";
import { useSceneView } from "./sceneView";

const PARTS = [
  { value: "region", label: "Region of interest" },
  { value: "calibration", label: "Calibration" },
  { value: "links", label: "Camera links" },
  { value: "plan", label: "Plan" },
  { value: "clocks", label: "Clocks" },
] as const;
type Part = (typeof PARTS)[number]["value"];

/** How a scene's cameras are set up: where vehicles count, where the ground is, which camera follows which. */
export function SetupPage() {
  const { sceneId, camera, change } = useSceneView();
  const [search] = useSearchParams();
  const scene = useScene(sceneId);
  const cameras = useCameras(sceneId);
  const part = PARTS.find(({ value }) => value === search.get("part"))?.value ?? "region";
  const failed = [scene, cameras].find(({ isError, data }) => isError && !data);
  if (failed) return <ProblemState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!scene.data || !cameras.data) return <Page title="Set-up">{<Skeleton height="60vh" />}</Page>;
  const mayChange = atLeast(scene.data.my_role, "manager");
  const tools = (
    <SegmentedControl
      size="xs"
      aria-label="What is set up"
      data={[...PARTS]}
      value={part}
      onChange={(value) => change({ part: value })}
    />
  );
  return (
    <Page title="Set-up" of={scene.data.name} tools={tools}>
      {cameras.data.length === 0 ? (
        <EmptyState title="This scene has no cameras yet">
          {mayChange ? (
            <>
              <p>
                Send their videos on the page <Link to={`/scenes/${sceneId}/videos`}>Videos</Link>, which
                makes the cameras too, or name one here.
              </p>
              <AddCamera sceneId={sceneId} />
            </>
          ) : (
            "A manager can add some."
          )}
        </EmptyState>
      ) : part === "links" ? (
        <Links scene={scene.data} cameras={cameras.data} mayChange={mayChange} />
      ) : part === "clocks" ? (
        <Clocks scene={scene.data} cameras={cameras.data} mayChange={mayChange} />
      ) : part === "plan" ? (
        <FromAbove scene={scene.data} cameras={cameras.data} mayChange={mayChange} />
      ) : (
        <OneCamera
          scene={scene.data}
          cameras={cameras.data}
          chosen={(cameras.data.find(({ id }) => id === camera) ?? cameras.data[0])?.id ?? 0}
          part={part}
          mayChange={mayChange}
        />
      )}
    </Page>
  );
}

interface OneCameraProps {
  scene: Scene;
  cameras: readonly Camera[];
  chosen: number;
  part: Part;
  mayChange: boolean;
}

function OneCamera({ scene, cameras, chosen, part, mayChange }: OneCameraProps) {
  const { change } = useSceneView();
  // Of each video: what was chosen for the region serves for the calibration too, before and after saving.
  const [frames, setFrames] = useState<ReadonlyMap<number, number>>(new Map());
  const video = playerCameras(cameras).find(({ id }) => id === chosen)?.videos[0];
  return (
    <div className={classes.columns}>
      <nav className={classes.cameras} aria-label="Cameras">
        {cameras.map(({ id, name, calibration, roi_url, videos }) => (
          <button
            key={id}
            type="button"
            className={classes.camera}
            aria-current={id === chosen || undefined}
            onClick={() => change({ camera: id })}
          >
            <strong>{name}</strong>
            <span>
              {[videos.length === 0 && "no video", roi_url && "region", calibration && "calibrated"]
                .filter(Boolean)
                .join(", ") || "nothing set up"}
            </span>
          </button>
        ))}
        {mayChange && <AddCamera sceneId={scene.id} />}
      </nav>
      {video ? (
        <Editor
          key={`${chosen} ${part}`}
          scene={scene}
          camera={chosen}
          video={video}
          chosen={{
            frame: frames.get(video.id) ?? 0,
            onFrame: (frame) => setFrames((before) => new Map(before).set(video.id, frame)),
          }}
          part={part}
          mayChange={mayChange}
        />
      ) : (
        <EmptyState title="This camera has no picture yet">
          A video of it must have been read: see the page{" "}
          <Link to={`/scenes/${scene.id}/videos`}>Videos</Link>.
        </EmptyState>
      )}
    </div>
  );
}

interface EditorProps {
  scene: Scene;
  camera: number;
  video: PlayerVideo;
  chosen: ChosenFrame;
  part: Part;
  mayChange: boolean;
}

function Editor({ scene, camera, video, chosen, part, mayChange }: EditorProps) {
  const setup = useSetup(camera);
  const plan = usePlan(scene.id).data ?? null;
  if (setup.isError && !setup.data)
    return <ProblemState error={setup.error} onRetry={() => void setup.refetch()} />;
  if (!setup.data) return <Skeleton height="60vh" />;
  const onReload = (): void => void setup.refetch();
  const props = { sceneId: scene.id, setup: setup.data, video, chosen, mayChange, onReload };
  return part === "calibration" ? <CalibrationEditor {...props} plan={plan} /> : <RegionEditor {...props} />;
}

interface SceneProps {
  scene: Scene;
  cameras: readonly Camera[];
  mayChange: boolean;
}

function Clocks({ scene, cameras, mayChange }: SceneProps) {
  const offsets = useClockOffsets(scene.current_run?.id ?? null);
  if (offsets.isError && !offsets.data)
    return <ProblemState error={offsets.error} onRetry={() => void offsets.refetch()} />;
  if (scene.current_run && !offsets.data) return <Skeleton height="60vh" />;
  return (
    <ClocksTable
      scene={scene}
      cameras={cameras}
      offsets={offsets.data ?? []}
      mayChange={mayChange}
      onReload={() => void offsets.refetch()}
    />
  );
}

function FromAbove({ scene, cameras, mayChange }: SceneProps) {
  const plan = usePlan(scene.id);
  if (plan.isError && !plan.data)
    return <ProblemState error={plan.error} onRetry={() => void plan.refetch()} />;
  if (!plan.data) return <Skeleton height="60vh" />;
  return (
    <PlanEditor
      key={scene.id}
      sceneId={scene.id}
      plan={plan.data}
      cameras={cameras}
      mayChange={mayChange}
      onReload={() => void plan.refetch()}
    />
  );
}

function Links({ scene, cameras, mayChange }: SceneProps) {
  const base = useLinkBase(scene.id);
  const ground = useGround(scene.id);
  const learned = useLearnedLinks(scene.current_run?.id ?? null);
  const failed = [base, ground].find(({ isError, data }) => isError && !data);
  if (failed) return <ProblemState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!base.data || !ground.data) return <Skeleton height="60vh" />;
  const places = new Map(ground.data.cameras.map(({ camera, place }) => [camera, place]));
  const nodes = cameras.map(({ id, name }) => {
    const [x, y] = places.get(id) ?? [];
    return { id, name, place: x === undefined || y === undefined ? null : ([x, y] as const) };
  });
  return (
    <>
      {learned.isError && !learned.data && (
        <p className={classes.problem} role="alert">
          What the run learned of the links could not be loaded. {sentenceOf(learned.error)}{" "}
          <Button size="compact-xs" variant="default" onClick={() => void learned.refetch()}>
            Try again
          </Button>
        </p>
      )}
      <LinksEditor
        key={scene.id}
        sceneId={scene.id}
        links={base.data.links}
        version={base.data.version}
        nodes={nodes}
        learned={learned.data ?? []}
        mayChange={mayChange}
        onReload={() => void base.refetch()}
      />
    </>
  );
}
