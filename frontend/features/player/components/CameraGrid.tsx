import { useElementSize } from "@mantine/hooks";
import type { PlayerCamera } from "@/lib/player/camera";
import type { SceneClock } from "@/lib/player/clock";
import type { WaitingVideos } from "@/lib/player/waiting";
import { bestColumns } from "../grid";
import { CameraCell } from "./CameraCell";
import classes from "./CameraGrid.module.css";

const HEAD_PX = 38;
const SMALLEST_ROW_PX = 150;

interface Props {
  cameras: readonly PlayerCamera[];
  runId: number | null;
  clock: SceneClock;
  waiting: WaitingVideos;
  selected: number | null;
  fewest: number;
  onSelect: (identity: number | null) => void;
  enlarged: number | null;
  onEnlarge: (camera: number | null) => void;
  onEdit: (camera: number) => void;
}

/** All cameras as large as the area allows, or one of them alone. */
export function CameraGrid({ cameras, enlarged, onEnlarge, ...shared }: Props) {
  const { ref, width, height } = useElementSize();
  const alone = cameras.filter(({ id }) => id === enlarged);
  const shown = alone.length > 0 ? alone : cameras;
  const sample = shown[0]?.videos[0];
  const ratio = sample ? sample.width / sample.height : 16 / 9;
  const columns = width > 0 ? bestColumns(shown.length, width, height, ratio, HEAD_PX) : 2;
  const rows = Math.ceil(shown.length / columns);

  return (
    <div
      ref={ref}
      className={classes.grid}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(${SMALLEST_ROW_PX}px, 1fr))`,
      }}
    >
      {shown.map((camera) => (
        <CameraCell
          key={camera.id}
          camera={camera}
          enlarged={camera.id === enlarged}
          onEnlarge={() => onEnlarge(camera.id === enlarged ? null : camera.id)}
          {...shared}
        />
      ))}
    </div>
  );
}
