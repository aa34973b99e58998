import type { TrackletState } from "../identityEdit";
import classes from "./TrackletPictures.module.css";

type Shown = Pick<TrackletState, "id" | "number" | "camera">;

/** Tracklets by their best picture, camera and number. */
export function TrackletPictures({ title, tracklets }: { title: string; tracklets: readonly Shown[] }) {
  return (
    <figure className={classes.figure}>
      <figcaption>{title}</figcaption>
      <ul className={classes.pictures}>
        {tracklets.map((tracklet) => (
          <li key={tracklet.id}>
            <TrackletPicture tracklet={tracklet} />
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** A tracklet's best picture over its name. */
export function TrackletPicture({ tracklet: { id, number, camera } }: { tracklet: Shown }) {
  const name = `T${number}, ${camera.name}`;
  return (
    <span className={classes.one}>
      <img
        className={classes.picture}
        src={`/api/v1/tracklets/${id}/crops/0.jpg`}
        alt={name}
        loading="lazy"
      />
      {name}
    </span>
  );
}
