import { Skeleton } from "@mantine/core";
import { useMemo } from "react";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { useTabTitle } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { type Camera, useCameras } from "@/features/scenes/api/getCameras";
import { type Scene, useScene } from "@/features/scenes/api/getScene";
import { playerCameras } from "./playerCameras";
import { SceneOverview } from "./SceneOverview";
import classes from "./ScenePage.module.css";
import { useSceneView } from "./sceneView";

/** A scene's cameras, playing together, with what its run found. */
export function ScenePage() {
  const { sceneId } = useSceneView();
  const scene = useScene(sceneId);
  const cameras = useCameras(sceneId);
  useTabTitle(scene.data?.name ?? "Scene");
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  if (cameras.isError && !cameras.data) {
    return <ProblemState error={cameras.error} onRetry={() => void cameras.refetch()} />;
  }
  if (!scene.data || !cameras.data) return <Skeleton className={classes.waiting} />;
  return <Ready key={sceneId} scene={scene.data} cameras={cameras.data} />;
}

function Ready({ scene, cameras }: { scene: Scene; cameras: Camera[] }) {
  const forPlayer = useMemo(() => playerCameras(cameras), [cameras]);
  if (cameras.length === 0) {
    return (
      <>
        <h1 className={classes.unseen}>{scene.name}</h1>
        <EmptyState title="This scene has no cameras yet">
          Send the cameras' videos on the page <Link to={`/scenes/${scene.id}/videos`}>Videos</Link>, or
          import a folder with one sub-folder a camera on the server: python manage.py import_scene FOLDER
        </EmptyState>
      </>
    );
  }
  return <SceneOverview scene={scene} cameras={forPlayer} />;
}
