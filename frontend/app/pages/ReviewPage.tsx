import { SegmentedControl, Skeleton } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { useTabTitle } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { LoopingClip } from "@/features/player/components/LoopingClip";
import { BoardDesk } from "@/features/review/components/BoardDesk";
import { PeoplePerPair } from "@/features/review/components/PeoplePerPair";
import { QueueFilters } from "@/features/review/components/QueueFilters";
import { ReviewDesk } from "@/features/review/components/ReviewDesk";
import { ReviewReadOnly } from "@/features/review/components/ReviewReadOnly";
import type { PairState, QueueFilter } from "@/features/review/filter";
import { SIDES, type Side } from "@/features/review/sides";
import type { Pair, PairTracklet } from "@/features/review/types";
import { type Camera, useCameras } from "@/features/scenes/api/getCameras";
import { useLinks } from "@/features/scenes/api/getLinks";
import { type Scene, useScene } from "@/features/scenes/api/getScene";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { atLeast } from "@/lib/roles";
import { PairStrip } from "./PairStrip";
import { playerCameras } from "./playerCameras";
import { type ReviewMode, useQueueFilter, writeFilter } from "./queueFilter";
import classes from "./ScenePage.module.css";
import { useSceneView } from "./sceneView";
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
  const { filter, setFilter, clear, mode, setMode } = useQueueFilter();
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

  const common = {
    sceneId: scene.id,
    filter,
    onState: (state: PairState | null) => setFilter({ state }),
    onClearFilter: clear,
    filters: (
      <>
        <ModeSwitch mode={mode} onMode={setMode} />
        <Filters scene={scene} cameras={cameras} filter={filter} onFilter={setFilter} onClear={clear} />
      </>
    ),
    readTime,
  };
  const key = `${scene.id} ${writeFilter(filter)}`;
  if (mode === "many") return <BoardDesk key={key} {...common} />;
  return <ReviewDesk key={key} {...common} renderClip={renderClip} renderStrip={renderStrip} />;
}

/** Pair after pair, or one identity against many. */
function ModeSwitch({ mode, onMode }: { mode: ReviewMode; onMode: (mode: ReviewMode) => void }) {
  const other = mode === "pairs" ? "many" : "pairs";
  useActions(
    useMemo<Action[]>(
      () => [
        {
          id: "review-mode",
          title: other === "many" ? "One against many" : "Pair after pair",
          group: "Look",
          keys: "m",
          oncePerPress: true,
          perform: () => onMode(other),
        },
      ],
      [other, onMode],
    ),
  );
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      mb={6}
      data={[
        { value: "pairs", label: "Pairs" },
        { value: "many", label: "1 : many" },
      ]}
      value={mode}
      onChange={(value) => onMode(value === "many" ? "many" : "pairs")}
      aria-label="How to review"
    />
  );
}

interface FiltersProps {
  scene: Scene;
  cameras: readonly Camera[];
  filter: QueueFilter;
  onFilter: (changes: Partial<QueueFilter>) => void;
  onClear: () => void;
}

/** What the queue can be narrowed to in this scene. */
function Filters({ scene, cameras, filter, onFilter, onClear }: FiltersProps) {
  const names = new Map(cameras.map(({ id, name }) => [id, name]));
  const links = useLinks(scene.id).data ?? [];
  return (
    <QueueFilters
      filter={filter}
      onFilter={onFilter}
      onClear={onClear}
      extra={atLeast(scene.my_role, "manager") && <PeoplePerPair sceneId={scene.id} />}
      cameras={cameras.map(({ id, name }) => ({ value: String(id), label: name }))}
      ways={links.map(({ id, source, target }) => ({
        value: String(id),
        label: `${names.get(source)} → ${names.get(target)}`,
      }))}
    />
  );
}
