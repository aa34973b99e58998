import { ActionIcon, Tooltip } from "@mantine/core";
import { useCallback, useRef, useSyncExternalStore } from "react";
import { Icon } from "@/components/Icon";
import { clockTime } from "@/lib/format";
import { type PlayerCamera, type PlayerVideo, videoAt } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import { coverage } from "@/lib/player/follow";
import type { WaitingVideos } from "@/lib/player/waiting";
import classes from "./CameraCell.module.css";
import { CameraPicture } from "./CameraPicture";

export interface CellProps {
  camera: PlayerCamera;
  runId: number | null;
  clock: SceneClock;
  waiting: WaitingVideos;
  selected: number | null;
  fewest: number;
  onSelect: (identity: number | null) => void;
  enlarged: boolean;
  onEnlarge: () => void;
  onEdit: (camera: number) => void;
}

/** The video that is on now and, outside of its time, a word about when it is. Changes seldom. */
function useCover(
  camera: PlayerCamera,
  clock: SceneClock,
): { video: PlayerVideo | null; note: string | null } {
  const cover = useSyncExternalStore(clock.subscribe, () => {
    const { time } = clock.state();
    const video = videoAt(camera, time);
    return video ? `${video.id} ${coverage(time, video.start_s, video.duration_s)}` : "";
  });
  const [id, where] = cover.split(" ");
  const video = camera.videos.find((candidate) => String(candidate.id) === id) ?? null;
  if (!video || where === "inside") return { video, note: null };
  const end = video.start_s + video.duration_s;
  return {
    video,
    note: where === "before" ? `starts at ${clockTime(video.start_s)}` : `ended at ${clockTime(end)}`,
  };
}

/** One camera: its name, the frame on screen, its picture, and the button that enlarges it. */
export function CameraCell(props: CellProps) {
  const { camera, clock, enlarged, onEnlarge, onEdit } = props;
  const frameLabel = useRef<HTMLSpanElement>(null);
  const { video, note } = useCover(camera, clock);
  const onFrame = useCallback((frame: number) => {
    if (frameLabel.current) frameLabel.current.textContent = `frame ${frame}`;
  }, []);
  const verb = enlarged ? "Show all cameras" : `Enlarge ${camera.name}`;

  return (
    <section className={classes.cell} aria-label={`Camera ${camera.name}`}>
      <header className={classes.head}>
        <span className={classes.name}>{camera.name}</span>
        <span className={classes.frame} ref={frameLabel} />
        {note && <span className={classes.note}>{note}</span>}
        <Tooltip label={`Tracklets of ${camera.name}, frame by frame`}>
          <ActionIcon
            className={classes.enlarge}
            variant="subtle"
            color="gray"
            size="sm"
            onClick={() => onEdit(camera.id)}
            aria-label={`Tracklets of ${camera.name}`}
          >
            <Icon name="pencil" size={14} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={verb}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={onEnlarge} aria-label={verb}>
            <Icon name={enlarged ? "shrink" : "enlarge"} size={14} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={classes.body}>
        {video ? (
          <CameraPicture key={video.id} {...props} name={camera.name} video={video} onFrame={onFrame} />
        ) : (
          <p className={classes.problem}>{camera.problem ?? "This camera has no video yet."}</p>
        )}
      </div>
    </section>
  );
}
