import { Select, Skeleton } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { useTabTitle } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { LoopingClip } from "@/features/player/components/LoopingClip";
import type { QueueFilter } from "@/features/review/api/leasePairs";
import { ReviewDesk } from "@/features/review/components/ReviewDesk";
import { ReviewReadOnly } from "@/features/review/components/ReviewReadOnly";
import { SIDES, type Side } from "@/features/review/sides";
import type { Pair, PairTracklet } from "@/features/review/types";
import { type Camera, useCameras } from "@/features/scenes/api/getCameras";
import { useLinks } from "@/features/scenes/api/getLinks";
import { type Scene, useScene } from "@/features/scenes/api/getScene";
import { atLeast } from "@/lib/roles";
import { PairStrip } from "./PairStrip";
import { playerCameras } from "./playerCameras";
import { useQueueFilter } from "./queueFilter";
import classes from "./ScenePage.module.css";
import { useSceneView, wholeNumber } from "./sceneView";
import { useReadTime } from "./useReadTime";

/** Pairs of tracklets, one after the other: the same vehicle or not? */
export function ReviewPage() {
  const { sceneId } = useSceneView();
  const scene = useScene(sceneId);
  const cameras = useCameras(sceneId);
  useTabTitle(scene.data ? `Review · ${scene.data.name}` : "Review");
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  if (cameras.isError && !cameras.data)
    return <ProblemState error={cameras.error} onRetry={() => void cameras.refetch()} />;
  if (!scene.data || !cameras.data) return <Skeleton className={classes.waiting} />;
  return (
    <>
      <h1 className={classes.unseen}>Review of {scene.data.name}</h1>
      {atLeast(scene.data.my_role, "analyst") ? (
        <Desk scene={scene.data} cameras={cameras.data} />
      ) : (
        <ReviewReadOnly sceneId={sceneId} />
      )}
    </>
  );
}

function Desk({ scene, cameras }: { scene: Scene; cameras: readonly Camera[] }) {
  const { filter, setFilter } = useQueueFilter();
  const readTime = useReadTime(scene);
  const videos = useMemo(
    () =>
      new Map(playerCameras(cameras).flatMap((camera) => camera.videos.map((video) => [video.id, video]))),
    [cameras],
  );
  const renderClip = useCallback(
    (tracklet: PairTracklet, side: Side, run: number, playing: boolean) => {
      const video = videos.get(tracklet.video);
      if (!video) return null;
      const { letter, colour } = SIDES[side];
      return (
        <LoopingClip
          video={video}
          runId={run}
          tracklet={tracklet.id}
          firstFrame={tracklet.first_frame}
          lastFrame={tracklet.last_frame}
          mark={letter}
          colour={colour}
          playing={playing}
          label={`${letter} passing ${tracklet.camera.name}`}
        />
      );
    },
    [videos],
  );
  const renderStrip = useCallback(
    (pair: Pair, run: number) => <PairStrip pair={pair} runId={run} cameras={cameras} readTime={readTime} />,
    [cameras, readTime],
  );

  return (
    <ReviewDesk
      key={`${scene.id} ${Object.values(filter).join(" ")}`}
      sceneId={scene.id}
      filter={filter}
      onState={(state) => setFilter({ state })}
      onClearFilter={() => setFilter({ state: null, link: null })}
      filters={<Filters scene={scene} cameras={cameras} filter={filter} onFilter={setFilter} />}
      readTime={readTime}
      renderClip={renderClip}
      renderStrip={renderStrip}
    />
  );
}

interface FiltersProps {
  scene: Scene;
  cameras: readonly Camera[];
  filter: QueueFilter;
  onFilter: (changes: Partial<QueueFilter>) => void;
}

/** Narrow the queue to one way between two cameras. */
function Filters({ scene, cameras, filter, onFilter }: FiltersProps) {
  const names = new Map(cameras.map(({ id, name }) => [id, name]));
  const links = useLinks(scene.id).data ?? [];
  const ways = links.map(({ id, source, target }) => ({
    value: String(id),
    label: `${names.get(source)} → ${names.get(target)}`,
  }));
  return (
    <Select
      size="xs"
      aria-label="Way between cameras"
      data={[{ value: "", label: "between all cameras" }, ...ways]}
      value={filter.link === null ? "" : String(filter.link)}
      onChange={(value) => onFilter({ link: wholeNumber(value) })}
      allowDeselect={false}
    />
  );
}
