import { SegmentedControl, Skeleton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useCallback, useMemo, useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { TimeBrush } from "@/components/TimeBrush";
import type { Camera } from "@/features/scenes/api/getCameras";
import type { Scene } from "@/features/scenes/api/getScene";
import { type Bars, STATES } from "@/features/timeline/bars";
import { BarCard } from "@/features/timeline/components/BarCard";
import { Diagram } from "@/features/timeline/components/Diagram";
import { DiagramTable } from "@/features/timeline/components/DiagramTable";
import { Legend } from "@/features/timeline/components/Legend";
import { useDiagramActions } from "@/features/timeline/hooks/useDiagramActions";
import { arranged, moved } from "@/features/timeline/order";
import { SideIdentity } from "./SideIdentity";
import classes from "./SpacePage.module.css";
import { useSceneView } from "./sceneView";
import { sceneSpan, useDensity, useSpace, useWays } from "./spacePage";
import { useReadTime } from "./useReadTime";
import { useSpanInAddress, useTimeSpan } from "./useTimeSpan";

/** The space-time diagram of a run. */
export function TimelinePage() {
  const view = useSceneView();
  const { scene, cameras, ground, bars, runId, problem } = useSpace(view);
  if (problem) return <ProblemState error={problem.error} onRetry={problem.retry} />;
  if (scene && runId === null) {
    return (
      <Page title="Space and time" of={scene.name}>
        <EmptyState title="No run has finished">
          The diagram appears when a run of this scene has finished.
        </EmptyState>
      </Page>
    );
  }
  if (!scene || !cameras || !ground || !bars || runId === null)
    return (
      <Page title="Space and time" of={scene?.name}>
        <Skeleton height="70vh" />
      </Page>
    );
  return <Ready key={runId} scene={scene} cameras={cameras} road={ground.order} bars={bars} runId={runId} />;
}

interface ReadyProps {
  scene: Scene;
  cameras: readonly Camera[];
  road: readonly number[];
  bars: Bars;
  runId: number;
}

function Ready({ scene, cameras, road, bars, runId }: ReadyProps) {
  const view = useSceneView();
  const { identity, change, time } = view;
  const readTime = useReadTime(scene);
  const whole = useMemo(() => sceneSpan(cameras, bars), [cameras, bars]);
  const store = useTimeSpan(whole.from, whole.to);
  useSpanInAddress(store, change);
  const counts = useDensity(bars, whole);
  const names = useMemo(() => new Map(cameras.map(({ id, name }) => [id, name])), [cameras]);
  const [given, setGiven] = useLocalStorage<number[]>({ key: `lanes-${scene.id}`, defaultValue: [] });
  const order = useMemo(() => arranged(road, given), [road, given]);
  const [focus, setFocus] = useState<number | null>(null);
  const [shape, setShape] = useState("diagram");
  const { watch, openIdentity } = useWays(view);

  const move = useCallback(
    (camera: number, by: -1 | 1) => setGiven(moved(order, camera, by)),
    [order, setGiven],
  );
  const pick = useCallback(
    (bar: number | null) => {
      setFocus(bar);
      change({ identity: bar === null ? null : bars.identity[bar] || null });
    },
    [bars, change],
  );
  const open = useCallback(
    (bar: number) => {
      const number = bars.identity[bar] ?? 0;
      if (number > 0) openIdentity(number);
    },
    [bars, openIdentity],
  );
  const watchBar = useCallback(
    (bar: number) => watch(bars.start[bar] ?? 0, bars.camera[bar] ?? 0),
    [bars, watch],
  );
  useDiagramActions({
    bars,
    order,
    store,
    focus,
    onFocus: setFocus,
    onPick: pick,
    onOpen: open,
    onWatch: watchBar,
  });

  const tools = (
    <>
      <Legend counts={stateCounts(bars)} />
      <SegmentedControl
        size="xs"
        value={shape}
        onChange={setShape}
        data={[
          { value: "diagram", label: "Diagram" },
          { value: "table", label: "Table" },
        ]}
        aria-label="Shown as"
      />
    </>
  );
  const shared = { bars, names, store, readTime };
  return (
    <Page title="Space and time" of={scene.name} tools={tools}>
      <div className={classes.body}>
        <div className={classes.main}>
          <TimeBrush store={store} density={counts} readTime={readTime} />
          {shape === "table" ? (
            <DiagramTable {...shared} onPick={pick} />
          ) : (
            <Diagram
              {...shared}
              order={order}
              identity={identity}
              focus={focus}
              playhead={time > 0 ? time : null}
              onMove={move}
              onPick={pick}
              onOpen={open}
              renderCard={(bar) => (
                <BarCard
                  bars={bars}
                  bar={bar}
                  camera={names.get(bars.camera[bar] ?? 0) ?? ""}
                  readTime={readTime}
                />
              )}
            />
          )}
        </div>
        {identity !== null && (
          <SideIdentity
            scene={scene}
            runId={runId}
            number={identity}
            cameras={cameras}
            onSelect={(number) => change({ identity: number })}
            onWatch={watch}
            withMap
          />
        )}
      </div>
    </Page>
  );
}

function stateCounts(bars: Bars): number[] {
  const counts = STATES.map(() => 0);
  for (const state of bars.state) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
