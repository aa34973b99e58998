import type { CSSProperties } from "react";
import { Link } from "react-router";
import { Crop } from "@/components/Crop";
import { IdentityChip } from "@/components/IdentityChip";
import { counted } from "@/lib/format";
import { vehicleWords } from "@/lib/vehicle";
import type { Identity, IdentityTracklet } from "../api/getIdentities";
import { bestCrops, byCamera, type CameraName } from "../rows";
import classes from "./IdentityRow.module.css";

const CROPS_A_CAMERA = 2;

interface Props {
  identity: Identity;
  cameras: readonly CameraName[];
  readTime: (seconds: number) => string;
  to: string;
  isSelected: boolean;
  rowIndex: number;
  style: CSSProperties;
}

/** One identity: its number and times, then what every camera saw of it. */
export function IdentityRow({ identity, cameras, readTime, to, isSelected, rowIndex, style }: Props) {
  const seen = byCamera(identity);
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      className={classes.row}
      data-selected={isSelected || undefined}
      style={style}
    >
      <div role="rowheader" className={classes.who}>
        <Link to={to} className={classes.link} aria-label={`Identity ${identity.number}`}>
          <IdentityChip number={identity.number} />
        </Link>
        <span className={classes.times}>
          {readTime(identity.start_s)} – {readTime(identity.end_s)}
        </span>
        <span className={classes.times}>{counted(identity.camera_count, "camera")}</span>
      </div>
      {cameras.map((camera) => (
        <div role="cell" key={camera.id} className={classes.cell}>
          <Seen
            tracklets={seen.get(camera.id)}
            camera={camera}
            number={identity.number}
            readTime={readTime}
          />
        </div>
      ))}
    </div>
  );
}

interface SeenProps {
  tracklets: readonly IdentityTracklet[] | undefined;
  camera: CameraName;
  number: number;
  readTime: (seconds: number) => string;
}

function Seen({ tracklets, camera, number, readTime }: SeenProps) {
  const first = tracklets?.[0];
  if (!tracklets || !first) return null;
  const word = vehicleWords(first);
  return (
    <>
      <div className={classes.crops}>
        {bestCrops(tracklets, CROPS_A_CAMERA).map((url) => (
          <Crop key={url} url={url} size="row" label={`${word} ${number} in ${camera.name}`} />
        ))}
      </div>
      <span className={classes.times}>
        {readTime(first.start_s)}
        {tracklets.length > 1 && ` and ${tracklets.length - 1} more`}
      </span>
    </>
  );
}
