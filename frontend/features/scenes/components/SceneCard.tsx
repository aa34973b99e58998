import { Link } from "react-router";
import { StateBadge } from "@/components/StateBadge";
import { clockTime, counted, percent } from "@/lib/format";
import type { Scene } from "../api/getScene";
import classes from "./SceneCard.module.css";

/** A scene at a glance: its picture, its size, and how its run stands. */
export function SceneCard({ scene }: { scene: Scene }) {
  const run = scene.latest_run ?? scene.current_run;
  const score = scene.current_run?.idf1;
  return (
    <Link to={`/scenes/${scene.id}`} className={classes.card}>
      <div className={classes.picture}>
        {scene.poster_video_id !== null && (
          <img src={`/api/v1/videos/${scene.poster_video_id}/poster`} alt="" loading="lazy" />
        )}
      </div>
      <div className={classes.text}>
        <h2 className={classes.name}>{scene.name}</h2>
        <p className={classes.facts}>
          {counted(scene.camera_count, "camera")}
          {scene.duration_s !== null && ` · ${clockTime(scene.duration_s, 0)} long`}
        </p>
        <p className={classes.run}>
          {run ? (
            <>
              <span>run {run.number}</span>
              <StateBadge state={run.state} />
            </>
          ) : (
            <span>no run yet</span>
          )}
          {score != null && <strong className={classes.score}>IDF1 {percent(score)}</strong>}
        </p>
      </div>
    </Link>
  );
}
