import { identityColour } from "@/lib/identityColour";
import type { Identity } from "../api/getIdentities";
import type { CameraName } from "../rows";
import classes from "./IdentityTimeLine.module.css";

interface Props {
  identity: Identity;
  cameras: readonly CameraName[];
  readTime: (seconds: number) => string;
  onJump: (time: number, camera: number) => void;
  /** Tracklets in a combination that no vehicle can have done. */
  flagged?: ReadonlySet<number> | undefined;
}

/** When each camera saw the identity, from its first to its last moment. A click shows that moment. */
export function IdentityTimeLine({ identity, cameras, readTime, onJump, flagged }: Props) {
  const length = Math.max(identity.end_s - identity.start_s, 0.1);
  const share = (seconds: number): string => `${(seconds / length) * 100}%`;
  const names = new Map(cameras.map((camera) => [camera.id, camera.name]));
  const lanes = cameras.filter(({ id }) => identity.tracklets.some(({ camera }) => camera === id));
  return (
    <div className={classes.line}>
      {lanes.map((lane) => (
        <div key={lane.id} className={classes.lane}>
          <span className={classes.name}>{lane.name}</span>
          <div className={classes.track}>
            {identity.tracklets
              .filter(({ camera }) => camera === lane.id)
              .map((tracklet) => (
                <button
                  key={tracklet.id}
                  type="button"
                  className={classes.bar}
                  data-flagged={flagged?.has(tracklet.id) || undefined}
                  style={{
                    left: share(tracklet.start_s - identity.start_s),
                    width: share(tracklet.end_s - tracklet.start_s),
                    background: identityColour(identity.number),
                  }}
                  onClick={() => onJump(tracklet.start_s, tracklet.camera)}
                  aria-label={`${names.get(tracklet.camera)} from ${readTime(tracklet.start_s)} to ${readTime(tracklet.end_s)}`}
                />
              ))}
          </div>
        </div>
      ))}
    </div>
  );
}
