import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { useCameras } from "@/features/scenes/api/getCameras";
import { useScene } from "@/features/scenes/api/getScene";
import { useUploads } from "@/features/uploads/api/getUploads";
import { cameraOf } from "@/features/uploads/cameraOf";
import { DropZone } from "@/features/uploads/components/DropZone";
import { SceneImports } from "@/features/uploads/components/SceneImports";
import { SendingTable } from "@/features/uploads/components/SendingTable";
import { UnfinishedUploads } from "@/features/uploads/components/UnfinishedUploads";
import { VideoTable } from "@/features/uploads/components/VideoTable";
import { sender } from "@/features/uploads/sender";
import { useSender } from "@/features/uploads/useSender";
import { atLeast } from "@/lib/roles";
import { useSceneView } from "./sceneView";

/** A scene's videos: what there is and, for managers, how more come in. */
export function VideosPage() {
  const { sceneId } = useSceneView();
  const scene = useScene(sceneId);
  const cameras = useCameras(sceneId);
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  const manages = atLeast(scene.data?.my_role, "manager");
  const names = cameras.data?.map(({ name }) => name) ?? [];
  const hasVideos = cameras.data?.some(({ videos }) => videos.length > 0);
  return (
    <Page title="Videos" of={scene.data?.name}>
      {manages && <Incoming sceneId={sceneId} cameras={names} />}
      {scene.data && cameras.data && cameras.data.length > 0 && (
        <VideoTable scene={scene.data} cameras={cameras.data} />
      )}
      {cameras.data && !hasVideos && !manages && (
        <EmptyState title="No videos yet">A manager of the scene can send some.</EmptyState>
      )}
    </Page>
  );
}

function Incoming({ sceneId, cameras }: { sceneId: number; cameras: readonly string[] }) {
  const items = useSender(sceneId);
  const uploads = useUploads(sceneId).data ?? [];
  const queries = useQueryClient();
  const taken = uploads.filter(({ state }) => state === "done").length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file that was taken in is a new video
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["cameras", sceneId] });
  }, [taken, queries, sceneId]);
  const own = useMemo(() => new Set(items.map(({ upload }) => upload)), [items]);
  const others = uploads.filter(
    ({ id, state }) => !own.has(id) && ["receiving", "checking", "failed"].includes(state),
  );

  function choose(files: File[]): void {
    sender.add(
      sceneId,
      files.map((file) => ({ file, camera: cameraOf(file.webkitRelativePath || file.name, cameras) })),
    );
  }

  return (
    <>
      <DropZone onFiles={choose} />
      {items.length > 0 && (
        <SendingTable sceneId={sceneId} items={items} uploads={uploads} cameras={cameras} />
      )}
      {others.length > 0 && <UnfinishedUploads sceneId={sceneId} uploads={others} />}
      <SceneImports sceneId={sceneId} arrived={taken} />
    </>
  );
}
