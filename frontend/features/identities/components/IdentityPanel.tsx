import { ActionIcon, Skeleton, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { FindSimilar } from "@/components/FindSimilar";
import { Icon } from "@/components/Icon";
import { IdentityChip } from "@/components/IdentityChip";
import { ProblemState } from "@/components/ProblemState";
import { counted } from "@/lib/format";
import type { Identity } from "../api/getIdentities";
import { useIdentity } from "../api/getIdentity";
import { byCamera, type CameraName } from "../rows";
import classes from "./IdentityPanel.module.css";
import { IdentityTimeLine } from "./IdentityTimeLine";
import { TrackletCard } from "./TrackletCard";

interface Props {
  runId: number;
  number: number;
  cameras: readonly CameraName[];
  readTime: (seconds: number) => string;
  /** Show a moment (scene seconds) of a camera on the videos. */
  onJump: (time: number, camera: number) => void;
  onClose: () => void;
  /** What may be done with the identity; absent where it is only looked at. */
  edits?: Edits | undefined;
  /** Its way from camera to camera. */
  journey?: JourneyView | undefined;
}

export interface JourneyView {
  /** Tracklets in a combination that no vehicle can have done. */
  readonly flagged: ReadonlySet<number>;
  readonly content: ReactNode;
}

export interface Edits {
  /** Tracklets that are marked. */
  readonly marked: readonly number[];
  readonly onMark: (tracklet: number) => void;
  /** Number keys mark tracklets, in the order in which they are shown. */
  readonly withKeys: boolean;
  /** `shown`: its tracklets (ids), in that order. */
  readonly render: (identity: Identity, shown: readonly number[]) => ReactNode;
}

/** Everything known of one identity: when and where it was, all its pictures, and the way to the videos. */
export function IdentityPanel({ runId, number, cameras, readTime, onJump, onClose, edits, journey }: Props) {
  const identity = useIdentity(runId, number);
  return (
    <section className={classes.panel} aria-label={`Identity ${number}`}>
      <header className={classes.head}>
        <h2 className={classes.title}>
          Identity <IdentityChip number={number} />
        </h2>
        <Tooltip label="Close (Esc)">
          <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label="Close the identity">
            <Icon name="close" />
          </ActionIcon>
        </Tooltip>
      </header>
      {identity.isPending && <Skeleton height={320} />}
      {identity.isError && <ProblemState error={identity.error} onRetry={() => void identity.refetch()} />}
      {identity.data && (
        <Known
          identity={identity.data}
          cameras={cameras}
          readTime={readTime}
          onJump={onJump}
          edits={edits}
          journey={journey}
        />
      )}
    </section>
  );
}

type KnownProps = Pick<Props, "cameras" | "readTime" | "onJump" | "edits" | "journey"> & {
  identity: Identity;
};

function Known({ identity, cameras, readTime, onJump, edits, journey }: KnownProps) {
  const seen = byCamera(identity);
  const shown = cameras.flatMap(({ id }) => (seen.get(id) ?? []).map((tracklet) => tracklet.id));
  return (
    <>
      <p className={classes.facts}>
        {counted(identity.camera_count, "camera")}, {counted(identity.tracklet_count, "tracklet")} ·{" "}
        {readTime(identity.start_s)} – {readTime(identity.end_s)}
      </p>
      <div>
        <FindSimilar identity={identity.number} label={`Find similar to identity ${identity.number}`} />
      </div>
      {edits?.render(identity, shown)}
      <IdentityTimeLine
        identity={identity}
        cameras={cameras}
        onJump={onJump}
        readTime={readTime}
        flagged={journey?.flagged}
      />
      {journey?.content}
      {cameras.map((camera) => (
        <CameraTracklets
          key={camera.id}
          camera={camera}
          tracklets={seen.get(camera.id) ?? []}
          readTime={readTime}
          onJump={onJump}
          edits={edits}
          keyOf={(tracklet) => markKey(shown.indexOf(tracklet))}
        />
      ))}
    </>
  );
}

/** The number key of the tracklet in this place; the first nine have one. */
function markKey(place: number): string | null {
  return place < 9 ? String(place + 1) : null;
}

type CameraProps = Pick<Props, "readTime" | "onJump" | "edits"> & {
  keyOf: (tracklet: number) => string | null;
  camera: CameraName;
  tracklets: readonly Identity["tracklets"][number][];
};

function CameraTracklets({ camera, tracklets, readTime, onJump, edits, keyOf }: CameraProps) {
  if (tracklets.length === 0) return null;
  return (
    <section className={classes.camera} aria-label={`In ${camera.name}`}>
      <h3 className={classes.heading}>{camera.name}</h3>
      {tracklets.map((tracklet) => (
        <TrackletCard
          key={tracklet.id}
          tracklet={tracklet}
          camera={camera}
          readTime={readTime}
          onJump={onJump}
          edits={edits}
          markKey={edits?.withKeys ? keyOf(tracklet.id) : null}
        />
      ))}
    </section>
  );
}
