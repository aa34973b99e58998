import { Button, Select } from "@mantine/core";
import { useState } from "react";
import table from "@/components/table.module.css";
import type { Schemas } from "@/lib/api/client";
import { clockTime, counted } from "@/lib/format";
import type { Stated } from "../api/sceneImports";
import { bytesWords } from "../words";
import classes from "./uploads.module.css";

type Report = Schemas["SceneReport"];
type Found = Report["cameras"][number];

const DIRECTIONS = [
  { value: "ground-to-image", label: "ground to image" },
  { value: "image-to-ground", label: "image to ground" },
];
const UNITS = [
  { value: "metres", label: "metres (x east, y north)" },
  { value: "degrees", label: "latitude, longitude" },
];

interface Props {
  report: Report;
  onImport: ((stated: Stated) => void) | null;
  isStarting: boolean;
  isDone: boolean;
}

/** What a scene's folder holds: what is made of it, what is not, and what is wrong with it. */
export function SceneReport({ report, onImport, isStarting, isDone }: Props) {
  const [stated, setStated] = useState<Stated>({});
  const isSilent = report.cameras.some(({ calibration }) => calibration?.startsWith("left out"));
  const newLinks = report.links.filter(({ is_new }) => is_new).length;
  return (
    <>
      {report.problems.length > 0 && (
        <>
          <p className={classes.problem}>
            Nothing of it is imported: put this right, pack it anew and send it again.
          </p>
          <ul className={classes.list} aria-label="What is wrong">
            {report.problems.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
      <table className={table.table} aria-label={`Cameras of ${report.folder}`}>
        <thead>
          <tr>
            <th>Camera</th>
            <th>Video</th>
            <th>Begins at</th>
            <th>Region</th>
            <th>Calibration</th>
            <th>Ground truth</th>
          </tr>
        </thead>
        <tbody>
          {report.cameras.map((each) => (
            <Camera key={each.camera} each={each} />
          ))}
        </tbody>
      </table>
      {report.links.length > 0 && (
        <p className={classes.said}>
          {counted(report.links.length, "camera link")}, {newLinks} of them new.
        </p>
      )}
      {report.left_out.length > 0 && (
        <details className={classes.said}>
          <summary>{counted(report.left_out.length, "thing")} left out</summary>
          <ul className={classes.list}>
            {report.left_out.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
      {onImport && (
        <div className={classes.foot}>
          <Button onClick={() => onImport(stated)} loading={isStarting}>
            Import {counted(report.cameras.length, "camera")}
          </Button>
          {isSilent ? (
            <>
              <Select
                size="xs"
                placeholder="direction of the matrices"
                aria-label="Direction of calibrations that do not say it"
                data={DIRECTIONS}
                onChange={(value) =>
                  setStated({ ...stated, ...({ direction: value ?? undefined } as Stated) })
                }
              />
              <Select
                size="xs"
                placeholder="unit of the ground"
                aria-label="Unit of calibrations that do not say it"
                data={UNITS}
                onChange={(value) => setStated({ ...stated, ...({ unit: value ?? undefined } as Stated) })}
              />
              <span className={table.quiet}>
                Some calibrations do not say this; without it they are left out.
              </span>
            </>
          ) : (
            <span className={table.quiet}>
              What the scene has already stays as it is. The import can be taken back as one, until a run uses
              it.
            </span>
          )}
        </div>
      )}
      {isDone && <p className={classes.said}>Its videos are read one after the other: see the page Jobs.</p>}
    </>
  );
}

function Camera({ each: { camera, is_new, video, region, calibration, vehicles, boxes } }: { each: Found }) {
  return (
    <tr>
      <td>
        {camera} <span className={table.quiet}>{is_new ? "new" : "there"}</span>
      </td>
      <td>
        {video &&
          [
            video.file,
            bytesWords(video.size),
            video.duration_s !== null && clockTime(video.duration_s),
            !video.is_new && "there already",
          ]
            .filter(Boolean)
            .join(", ")}
      </td>
      <td>{video && `${video.start_s} s`}</td>
      <td>{region ?? "none"}</td>
      <td>{calibration ?? "none"}</td>
      <td>{boxes > 0 ? `${counted(vehicles, "vehicle")}, ${counted(boxes, "box", "boxes")}` : "none"}</td>
    </tr>
  );
}
