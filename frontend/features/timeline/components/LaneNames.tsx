import type { PlacedLane } from "../layout";
import classes from "./Diagram.module.css";

interface Props {
  lanes: readonly PlacedLane[];
  names: ReadonlyMap<number, string>;
  onMove: (camera: number, by: -1 | 1) => void;
}

/** The cameras beside their lanes; each can be moved up and down. */
export function LaneNames({ lanes, names, onMove }: Props) {
  return (
    <ul
      className={classes.names}
      aria-label="Cameras in the order of the lanes"
      style={{ margin: 0, padding: 0 }}
    >
      {lanes.map(({ camera, top, rows }, place) => (
        <li key={camera} className={classes.name} style={{ top: top - 3 }}>
          <span>
            {names.get(camera)}
            <small>{rows.reduce((sum, row) => sum + row.length, 0).toLocaleString("en")}</small>
          </span>
          {place > 0 && <Move camera={camera} by={-1} name={names.get(camera) ?? ""} onMove={onMove} />}
          {place < lanes.length - 1 && (
            <Move camera={camera} by={1} name={names.get(camera) ?? ""} onMove={onMove} />
          )}
        </li>
      ))}
    </ul>
  );
}

interface MoveProps {
  camera: number;
  by: -1 | 1;
  name: string;
  onMove: Props["onMove"];
}

function Move({ camera, by, name, onMove }: MoveProps) {
  return (
    <button
      type="button"
      className={classes.move}
      aria-label={`Move ${name} ${by < 0 ? "up" : "down"}`}
      onClick={() => onMove(camera, by)}
    >
      {by < 0 ? "↑" : "↓"}
    </button>
  );
}
