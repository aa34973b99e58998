import { useCallback, useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { useIdentities } from "@/features/identities/api/getIdentities";
import { IdentityList } from "@/features/identities/components/IdentityList";
import { IdentityPanel } from "@/features/identities/components/IdentityPanel";
import { ScenePlayer } from "@/features/player/components/ScenePlayer";
import type { Scene } from "@/features/scenes/api/getScene";
import type { PlayerCamera } from "@/lib/player/camera";
import { SceneClock } from "@/lib/player/clock";
import { fewestCameras } from "./identityFilter";
import { laneBars } from "./laneBars";
import { sceneEnd } from "./playerCameras";
import { RunCard } from "./RunCard";
import classes from "./ScenePage.module.css";
import { useSceneView } from "./sceneView";
import { useIdentityEdits } from "./useIdentityEdits";
import { useIdentityJourney } from "./useIdentityJourney";
import { useReadTime } from "./useReadTime";

/** A tracklet's start, rounded, must not fall on the frame before it. */
const INTO_FRAME_S = 0.002;

interface Props {
  scene: Scene;
  cameras: readonly PlayerCamera[];
}

/** The player and, beside it, the run and the identities, all showing the same selection. */
export function SceneOverview({ scene, cameras }: Props) {
  const { run, identity, camera, time, change } = useSceneView();
  const runId = run ?? scene.current_run?.id ?? null;
  const end = sceneEnd(cameras);
  const [clock] = useState(() => new SceneClock(end, time));
  const readTime = useReadTime(scene);
  const fewest = fewestCameras(cameras.length);
  const order = fewest === 1 ? "start_s" : "-camera_count";
  const pages = useIdentities(runId, { minCameras: fewest, camera: null, ordering: order });
  const across = useMemo(() => pages.data?.pages.flatMap((page) => page.results), [pages.data]);
  const bars = useMemo(() => laneBars(across ?? []), [across]);
  const select = useCallback((number: number | null) => change({ identity: number }), [change]);
  const edits = useIdentityEdits(scene, runId, identity, select);
  const journey = useIdentityJourney(scene.id, runId, identity, cameras);
  const enlarge = useCallback((id: number | null) => change({ camera: id }), [change]);
  const jump = useCallback((seconds: number) => clock.seek(seconds + INTO_FRAME_S), [clock]);
  const navigate = useNavigate();
  const edit = useCallback(
    (id: number) => void navigate(`/scenes/${scene.id}/cameras/${id}?t=${clock.time.toFixed(3)}`),
    [navigate, scene.id, clock],
  );
  useEffect(() => clock.setDuration(end), [clock, end]);

  return (
    <div className={classes.overview}>
      <h1 className={classes.unseen}>{scene.name}</h1>
      <ScenePlayer
        cameras={cameras}
        runId={runId}
        clock={clock}
        bars={bars}
        readTime={readTime}
        selected={identity}
        fewest={fewest}
        onSelect={select}
        enlarged={camera}
        onEnlarge={enlarge}
        onEdit={edit}
      />
      <aside className={classes.side} aria-label="Run and identities">
        <RunCard scene={scene} runId={runId} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
        <section className={`${classes.panel} ${classes.scroll}`} tabIndex={0} aria-label="Identities">
          {runId !== null && identity !== null ? (
            <IdentityPanel
              runId={runId}
              number={identity}
              cameras={cameras}
              readTime={readTime}
              onJump={jump}
              onClose={() => select(null)}
              edits={edits}
              journey={journey}
            />
          ) : (
            <Across runId={runId} title={fewest === 1 ? "Vehicles" : "Seen by several cameras"}>
              <IdentityList identities={across} readTime={readTime} onSelect={select} />
            </Across>
          )}
        </section>
      </aside>
    </div>
  );
}

interface AcrossProps {
  runId: number | null;
  title: string;
  children: React.ReactNode;
}

function Across({ runId, title, children }: AcrossProps) {
  return (
    <>
      <h2 className={classes.heading}>{title}</h2>
      {runId === null ? (
        <p className={classes.note}>Vehicles appear here when a run has finished.</p>
      ) : (
        children
      )}
    </>
  );
}
