import { Button, Checkbox } from "@mantine/core";
import { Crop } from "@/components/Crop";
import { FindSimilar } from "@/components/FindSimilar";
import { Icon } from "@/components/Icon";
import { KeyCaps } from "@/components/KeyCaps";
import { VehicleLook } from "@/components/VehicleLook";
import { counted, spanWords } from "@/lib/format";
import { vehicleWords } from "@/lib/vehicle";
import type { IdentityTracklet } from "../api/getIdentities";
import type { CameraName } from "../rows";
import type { Edits } from "./IdentityPanel";
import classes from "./IdentityPanel.module.css";

interface Props {
  tracklet: IdentityTracklet;
  camera: CameraName;
  readTime: (seconds: number) => string;
  onJump: (time: number, camera: number) => void;
  edits?: Pick<Edits, "marked" | "onMark"> | undefined;
  /** The key that marks it, if there is one. */
  markKey: string | null;
}

/** One passage through one camera, with all its pictures. */
export function TrackletCard({ tracklet, camera, readTime, onJump, edits, markKey }: Props) {
  const word = vehicleWords(tracklet);
  return (
    <article className={classes.tracklet}>
      <div className={classes.crops}>
        {tracklet.crop_urls.map((url, index) => (
          <Crop key={url} url={url} size="large" label={`${word}, ${camera.name}, picture ${index + 1}`} />
        ))}
      </div>
      <div className={classes.line}>
        <span className={classes.facts}>
          <VehicleLook seen={tracklet} /> · {readTime(tracklet.start_s)} ·{" "}
          {spanWords(tracklet.end_s - tracklet.start_s)} · {counted(tracklet.length, "box", "boxes")}
        </span>
        <span className={classes.ways}>
          {edits && (
            <Checkbox
              size="xs"
              label={markKey ? <KeyCaps keys={markKey} /> : "mark"}
              aria-label={`Mark ${word} in ${camera.name} at ${readTime(tracklet.start_s)}`}
              checked={edits.marked.includes(tracklet.id)}
              onChange={() => edits.onMark(tracklet.id)}
            />
          )}
          <FindSimilar
            tracklet={tracklet.id}
            label={`Find similar to ${word} in ${camera.name} at ${readTime(tracklet.start_s)}`}
          />
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<Icon name="play" size={10} />}
            onClick={() => onJump(tracklet.start_s, camera.id)}
            aria-label={`Watch in ${camera.name} at ${readTime(tracklet.start_s)}`}
          >
            Watch
          </Button>
        </span>
      </div>
    </article>
  );
}
