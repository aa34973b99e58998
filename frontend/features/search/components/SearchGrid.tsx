import { useEffect, useRef } from "react";
import { Crop } from "@/components/Crop";
import { IdentityChip } from "@/components/IdentityChip";
import { VehicleLook } from "@/components/VehicleLook";
import { vehicleWords } from "@/lib/vehicle";
import type { Found } from "../api/searchTracklets";
import classes from "./Search.module.css";

interface Props {
  results: readonly Found[];
  selected: number;
  /** The identity that is asked about: what is of it already is marked. */
  identity: number | null;
  readTime: (seconds: number) => string;
  onSelect: (place: number) => void;
  /** Told how many results stand in a row, for the arrow keys. */
  onColumns: (columns: number) => void;
}

/** What was found, the most similar first, as pictures with camera, time, likeness and identity. */
export function SearchGrid({ results, selected, identity, readTime, onSelect, onColumns }: Props) {
  const grid = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const list = grid.current;
    if (!list) return;
    const measure = (): void =>
      onColumns(Math.max(getComputedStyle(list).gridTemplateColumns.split(" ").length, 1));
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(list);
    return () => watcher.disconnect();
  }, [onColumns]);
  useEffect(() => {
    grid.current?.children[selected]?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <ul ref={grid} className={classes.grid} aria-label="Results, the most similar first">
      {results.map((found, place) => (
        <li key={found.tracklet.id}>
          <button
            type="button"
            className={classes.card}
            aria-current={place === selected || undefined}
            data-own={(identity !== null && found.identity === identity) || undefined}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onSelect(place)}
          >
            <Picture found={found} />
            <span className={classes.facts}>
              <strong className={classes.likeness}>{found.similarity.toFixed(2)}</strong>
              <span className={classes.place}>
                {found.camera_name} · {readTime(found.tracklet.start_s)}
              </span>
              {found.identity !== null && <IdentityChip number={found.identity} />}
            </span>
            <span className={classes.facts}>
              <VehicleLook seen={found.tracklet} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Picture({ found }: { found: Found }) {
  const url = found.tracklet.crop_urls[0];
  const word = vehicleWords(found.tracklet);
  if (!url) return <span className={classes.without}>no picture yet</span>;
  return <Crop url={url} size="large" label={`${word} in ${found.camera_name}`} />;
}
