import { NumberInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link } from "react-router";
import table from "@/components/table.module.css";
import type { Schemas } from "@/lib/api/client";
import { sentenceOf } from "@/lib/api/problem";
import { clockTime, sceneTime } from "@/lib/format";
import { useSetVideoStart } from "../api/setVideoStart";
import classes from "./uploads.module.css";

type Scene = Schemas["Scene"];
type Camera = Schemas["Camera"];
type Video = Schemas["Video"];

const ORIGINS: Record<Video["start_origin"], string> = {
  stated: "stated",
  name: "from its name",
  header: "from its header: check it",
  sequence: "assumed: state it",
};
const STATES: Record<Video["state"], string> = { pending: "being read", ready: "ready", failed: "unusable" };

/** The cameras with their videos, in the order of the road and of time. */
export function VideoTable({ scene, cameras }: { scene: Scene; cameras: readonly Camera[] }) {
  return (
    <section className={table.frame} aria-label="Videos">
      <table className={`${table.table} ${classes.table}`}>
        <thead>
          <tr>
            <th>Camera</th>
            <th>Video</th>
            <th>State</th>
            <th>Begins at</th>
            <th>How that is known</th>
            <th>Length</th>
            <th>Frames</th>
            <th>Picture</th>
          </tr>
        </thead>
        <tbody>
          {cameras.flatMap((camera) =>
            camera.videos.length ? (
              camera.videos.map((video) => <Row key={video.id} scene={scene} camera={camera} video={video} />)
            ) : (
              <tr key={`camera ${camera.id}`}>
                <td>{camera.name}</td>
                <td colSpan={7} className={table.quiet}>
                  no video yet
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}

function Row({ scene, camera, video }: { scene: Scene; camera: Camera; video: Video }) {
  const overview = `/scenes/${scene.id}?camera=${camera.id}&time=${video.start_s}`;
  return (
    <>
      <tr
        data-video={video.original_name}
        data-state={video.state}
        data-problem={video.problem ? true : undefined}
      >
        <td>
          <Link to={overview}>{camera.name}</Link>
        </td>
        <td className={classes.name}>{video.original_name}</td>
        <td>{STATES[video.state]}</td>
        <td>
          <Start scene={scene} video={video} />
        </td>
        <td className={table.quiet}>{ORIGINS[video.start_origin]}</td>
        <td>{video.duration_s === null ? "" : clockTime(video.duration_s)}</td>
        <td>{video.frame_count?.toLocaleString("en")}</td>
        <td>{video.width && `${video.width} × ${video.height}, ${video.fps?.toFixed(1)} a second`}</td>
      </tr>
      {video.problem && (
        <tr className={table.problem}>
          <td colSpan={8}>{video.problem}</td>
        </tr>
      )}
    </>
  );
}

/** The scene time of the first frame; written when the field is left, or by Enter. */
function Start({ scene, video }: { scene: Scene; video: Video }) {
  const set = useSetVideoStart(scene.id);
  if (scene.latest_run) return sceneTime(video.start_s, scene.starts_at, scene.time_zone);

  function write(text: string): void {
    const startS = Number.parseFloat(text);
    if (!Number.isFinite(startS) || startS === video.start_s) return;
    const say = (error: unknown): string =>
      notifications.show({ color: "red", title: "Not changed", message: sentenceOf(error) });
    set.mutate({ video: video.id, startS }, { onError: say });
  }

  return (
    <NumberInput
      key={video.start_s}
      size="xs"
      w={150}
      decimalScale={3}
      hideControls
      suffix=" s"
      defaultValue={video.start_s}
      aria-label={`Scene time of the first frame of ${video.original_name}, seconds`}
      onBlur={(event) => write(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}
