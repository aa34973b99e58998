import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Link } from "react-router";
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
import type { Schemas } from "@/lib/api/client";
import { counted } from "@/lib/format";
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
      {manages && scene.data && !scene.data.latest_run && cameras.data && (
        <NextStep sceneId={sceneId} videos={cameras.data.flatMap(({ videos }) => videos)} />
      )}
      {scene.data && cameras.data && cameras.data.length > 0 && (
        <VideoTable scene={scene.data} cameras={cameras.data} />
      )}
      {cameras.data && !hasVideos && !manages && (
        <EmptyState title="No videos yet">A manager of the scene can send some.</EmptyState>
      )}
    </Page>
  );
}

/** Once all that came in can be used, and until the first run. */
function NextStep({ sceneId, videos }: { sceneId: number; videos: readonly Schemas["Video"][] }) {
  if (videos.length === 0 || videos.some(({ state }) => state === "pending")) return null;
  const assumed = videos.filter(({ start_origin: origin }) => origin === "sequence").length;
  return (
    <p role="note">
      {assumed > 0 && `When ${counted(assumed, "video")} began is only assumed: state it below. `}
      Next, <Link to={`/scenes/${sceneId}/setup`}>set up the cameras</Link> (where vehicles count, where the
      ground is, which camera follows which), or <Link to={`/scenes/${sceneId}/runs`}>start a run</Link> right
      away.
    </p>
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
