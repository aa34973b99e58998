import { Select, Skeleton } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { Crop } from "@/components/Crop";
import { EmptyState } from "@/components/EmptyState";
import { IdentityChip } from "@/components/IdentityChip";
import { useTabTitle } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { CameraEditor } from "@/features/editor/components/CameraEditor";
import { useIdentity } from "@/features/identities/api/getIdentity";
import { useCameras } from "@/features/scenes/api/getCameras";
import { type Scene, useScene } from "@/features/scenes/api/getScene";
import { useActions } from "@/lib/actions/useActions";
import { counted } from "@/lib/format";
import { type PlayerCamera, videoAt } from "@/lib/player/camera";
import { SceneClock } from "@/lib/player/clock";
import { atLeast } from "@/lib/roles";
import classes from "./CameraPage.module.css";
import { playerCameras, sceneEnd } from "./playerCameras";
import pageClasses from "./ScenePage.module.css";
import { useSceneView, wholeNumber } from "./sceneView";
import { useReadTime } from "./useReadTime";

/** One camera, frame by frame, with everything that can be done to its tracklets. */
export function CameraPage() {
  const { sceneId } = useSceneView();
  const cameraId = wholeNumber(useParams().cameraId);
  const scene = useScene(sceneId);
  const cameras = useCameras(sceneId);
  const forPlayer = useMemo(() => playerCameras(cameras.data ?? []), [cameras.data]);
  const camera = forPlayer.find(({ id }) => id === cameraId);
  useTabTitle(scene.data && camera ? `${camera.name} · ${scene.data.name}` : "Camera");
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  if (cameras.isError && !cameras.data)
    return <ProblemState error={cameras.error} onRetry={() => void cameras.refetch()} />;
  if (!scene.data || !cameras.data) return <Skeleton className={pageClasses.waiting} />;
  if (!camera?.videos.length)
    return (
      <EmptyState title="There is nothing to see of this camera">
        {camera?.problem ?? "This scene has no such camera, or it has no video yet."}
      </EmptyState>
    );
  return <Ready key={camera.id} scene={scene.data} camera={camera} cameras={forPlayer} />;
}

/** Why nothing may be edited here, or null. */
function lockOf(scene: Scene, run: number | null): string | null {
  if (!atLeast(scene.my_role, "analyst")) return "your role is to look. Ask a manager of the scene.";
  if (run === null) return "no run has finished.";
  return run === scene.current_run?.id ? null : "this run is not the one that the scene shows.";
}

interface ReadyProps {
  scene: Scene;
  camera: PlayerCamera;
  cameras: readonly PlayerCamera[];
}

function Ready({ scene, camera, cameras }: ReadyProps) {
  const { run, time, track, change } = useSceneView();
  const runId = run ?? scene.current_run?.id ?? null;
  const video = useMemo(() => videoAt(camera, time) ?? camera.videos[0], [camera, time]);
  const start = video ? Math.max(time, video.start_s) : time;
  const [clock] = useState(() => new SceneClock(sceneEnd(cameras), start));
  const readTime = useReadTime(scene);
  const onNumber = useCallback((number: number | null) => change({ track: number }), [change]);
  const goTo = useCameraActions(scene.id, cameras);
  if (!video) return null;
  return (
    <>
      <h1 className={pageClasses.unseen}>
        Camera {camera.name} of {scene.name}
      </h1>
      <CameraEditor
        scene={scene.id}
        run={runId}
        camera={camera.id}
        video={video}
        clock={clock}
        locked={lockOf(scene, runId)}
        number={track}
        onNumber={onNumber}
        name={camera.name}
        readTime={readTime}
        heading={
          <Select
            size="xs"
            w={150}
            aria-label="Camera"
            data={cameras.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={String(camera.id)}
            onChange={(value) => value && goTo(Number(value), clock.time)}
            allowDeselect={false}
          />
        }
        renderLink={(identity) => (
          <Link
            to={`/scenes/${scene.id}/identities?identity=${identity}`}
            aria-label={`Identity ${identity}`}
          >
            <IdentityChip number={identity} />
          </Link>
        )}
        renderIdentity={(identity) => <Pictures runId={runId} number={identity} />}
      />
    </>
  );
}

/** The other cameras, by name in the palette; they open at the same moment. */
function useCameraActions(scene: number, cameras: readonly PlayerCamera[]) {
  const navigate = useNavigate();
  const goTo = useCallback(
    (camera: number, time: number) =>
      void navigate(`/scenes/${scene}/cameras/${camera}?t=${time.toFixed(3)}`),
    [navigate, scene],
  );
  useActions(
    useMemo(
      () =>
        cameras.map(({ id, name }) => ({
          id: `camera-${id}`,
          title: `Tracklets of camera ${name}`,
          group: "Cameras",
          perform: () => goTo(id, 0),
        })),
      [cameras, goTo],
    ),
  );
  return goTo;
}

/** One picture of each tracklet of an identity. */
function Pictures({ runId, number }: { runId: number | null; number: number }) {
  const identity = useIdentity(runId, number);
  if (identity.isError) return <p className={pageClasses.note}>There is no identity {number} in this run.</p>;
  if (!identity.data) return <Skeleton height={96} />;
  const { tracklets, camera_count } = identity.data;
  return (
    <>
      <p className={pageClasses.note}>
        {counted(tracklets.length, "tracklet")} in {counted(camera_count, "camera")}
      </p>
      <div className={classes.pictures}>
        {tracklets.flatMap(({ id, crop_urls: [url] }) =>
          url ? [<Crop key={id} url={url} size="row" label={`Identity ${number}`} />] : [],
        )}
      </div>
    </>
  );
}
