import { Skeleton } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { TimeBrush } from "@/components/TimeBrush";
import type { Ground } from "@/features/map/api/getGround";
import { usePaths } from "@/features/map/api/getPaths";
import { SceneMap } from "@/features/map/components/SceneMap";
import type { Camera } from "@/features/scenes/api/getCameras";
import type { Scene } from "@/features/scenes/api/getScene";
import type { Bars } from "@/features/timeline/bars";
import { counted } from "@/lib/format";
import { useStillSpan } from "@/lib/plot/spanStore";
import { SideIdentity } from "./SideIdentity";
import classes from "./SpacePage.module.css";
import { useSceneView } from "./sceneView";
import { sceneSpan, useDensity, useSpace, useWays } from "./spacePage";
import { useReadTime } from "./useReadTime";
import { useSpanInAddress, useTimeSpan } from "./useTimeSpan";

/** Cameras and the ways of vehicles on the ground. */
export function MapPage() {
  const view = useSceneView();
  const { scene, cameras, ground, bars, runId, problem } = useSpace(view);
  if (problem) return <ProblemState error={problem.error} onRetry={problem.retry} />;
  const isEmpty = ground?.cameras.length === 0;
  if (scene && (isEmpty || runId === null)) {
    return (
      <Page title="Map" of={scene.name}>
        <EmptyState title={isEmpty ? "No camera of this scene is calibrated" : "No run has finished"}>
          {isEmpty ? (
            <>
              The map needs at least one calibrated camera:{" "}
              <Link to={`/scenes/${view.sceneId}/setup?part=calibration`}>calibrate one by clicking</Link>, or
              import the scene's folder again with its calibration.txt.
            </>
          ) : (
            "Ways of vehicles appear when a run of this scene has finished."
          )}
        </EmptyState>
      </Page>
    );
  }
  if (!scene || !cameras || !ground || !bars || runId === null)
    return (
      <Page title="Map" of={scene?.name}>
        <Skeleton height="70vh" />
      </Page>
    );
  return <Ready key={runId} scene={scene} cameras={cameras} ground={ground} bars={bars} runId={runId} />;
}

interface ReadyProps {
  scene: Scene;
  cameras: readonly Camera[];
  ground: Ground;
  bars: Bars;
  runId: number;
}

function Ready({ scene, cameras, ground, bars, runId }: ReadyProps) {
  const view = useSceneView();
  const { identity, change } = view;
  const readTime = useReadTime(scene);
  const whole = useMemo(() => sceneSpan(cameras, bars), [cameras, bars]);
  const store = useTimeSpan(whole.from, whole.to);
  useSpanInAddress(store, change);
  const counts = useDensity(bars, whole);
  const names = useMemo(() => new Map(cameras.map(({ id, name }) => [id, name])), [cameras]);
  const span = useStillSpan(store);
  const paths = usePaths(runId, span);
  const { watch } = useWays(view);
  const select = useCallback((number: number | null) => change({ identity: number }), [change]);
  const calibrated = new Set(ground.cameras.flatMap((each) => (each.is_calibrated ? [each.camera] : [])));
  const missing = cameras.filter(({ id }) => !calibrated.has(id));
  const shown = paths.data?.paths ?? [];

  const tools = (
    <p className={classes.note} role="status">
      {paths.data ? counted(shown.length, "way") : "reading the ways"}, {readTime(span.from)} –{" "}
      {readTime(span.to)}
      {paths.data && !paths.data.complete && "; there are more: look at a shorter time"}
      {missing.length > 0 && ` · not calibrated: ${missing.map(({ name }) => name).join(", ")}`}
    </p>
  );
  return (
    <Page title="Map" of={scene.name} tools={tools}>
      <div className={classes.body}>
        <div className={classes.main}>
          <TimeBrush store={store} density={counts} readTime={readTime} />
          {paths.isError && !paths.data ? (
            <ProblemState error={paths.error} onRetry={() => void paths.refetch()} />
          ) : (
            <SceneMap
              ground={ground}
              names={names}
              paths={shown}
              store={store}
              identity={identity}
              onPick={select}
              withKeys
              label={`Map of ${counted(ground.cameras.length, "camera")} and ${counted(shown.length, "way")}; the diagram's table lists the same tracklets.`}
            />
          )}
        </div>
        {identity !== null && (
          <SideIdentity
            scene={scene}
            runId={runId}
            number={identity}
            cameras={cameras}
            onSelect={select}
            onWatch={watch}
            withMap={false}
          />
        )}
      </div>
    </Page>
  );
}
