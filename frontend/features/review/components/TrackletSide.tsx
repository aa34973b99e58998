import type { ReactNode } from "react";
import { IdentityChip } from "@/components/IdentityChip";
import { VehicleLook } from "@/components/VehicleLook";
import { counted, spanWords } from "@/lib/format";
import { vehicleWords } from "@/lib/vehicle";
import type { Heat } from "../heat";
import { SIDES, type Side } from "../sides";
import type { PairTracklet } from "../types";
import { HeatOverlay } from "./HeatOverlay";
import classes from "./TrackletSide.module.css";

interface Props {
  side: Side;
  tracklet: PairTracklet;
  readTime: (seconds: number) => string;
  /** Which of its pictures is shown large. */
  view: number;
  onView: (view: number) => void;
  /** The clip takes the large place. */
  fullFrame: boolean;
  /** CSS filter for the pictures. */
  filter: string;
  /** Where it looks like the other one. */
  heat: Heat | null;
  clip: ReactNode;
}

/** One tracklet of the pair: its best picture large, its other views, and its passage in context. */
export function TrackletSide(props: Props) {
  const { side, tracklet, readTime, view, onView, fullFrame, filter, heat, clip } = props;
  const { letter, colour } = SIDES[side];
  const { camera, identity, crop_urls: urls } = tracklet;
  const word = vehicleWords(tracklet);
  const shown = urls[view] ?? urls[0];
  return (
    <article
      className={classes.side}
      data-full={fullFrame || undefined}
      aria-label={`${letter}: ${word} in ${camera.name}`}
    >
      <header className={classes.head}>
        <span className={classes.letter} style={{ background: colour }} aria-hidden="true">
          {letter}
        </span>
        <span className={classes.camera}>{camera.name}</span>
        <span className={classes.time}>
          {readTime(tracklet.start_s)} – {readTime(tracklet.end_s)}
        </span>
        <span className={classes.facts}>
          <VehicleLook seen={tracklet} /> · {spanWords(tracklet.end_s - tracklet.start_s)} ·{" "}
          {counted(tracklet.length, "box", "boxes")}
        </span>
        <span className={classes.identity} title={`Identity ${identity.number}`}>
          <IdentityChip number={identity.number} />
          <span className={classes.facts}>{counted(identity.tracklet_count, "tracklet")}</span>
        </span>
      </header>
      <div className={classes.crop}>
        {shown ? (
          <>
            <img
              key={shown}
              src={shown}
              style={{ filter }}
              decoding="sync"
              alt={`${word} ${letter}, view ${view + 1}`}
            />
            {heat && <HeatOverlay src={shown} heat={heat} label={`Where ${letter} looks like the other`} />}
          </>
        ) : (
          <p className={classes.none}>No picture of this tracklet was kept.</p>
        )}
      </div>
      <div className={classes.clip} style={{ filter }}>
        {clip}
      </div>
      <Filmstrip urls={urls} view={view} onView={onView} letter={letter} filter={filter} />
    </article>
  );
}

interface FilmstripProps {
  urls: readonly string[];
  view: number;
  onView: (view: number) => void;
  letter: string;
  filter: string;
}

function Filmstrip({ urls, view, onView, letter, filter }: FilmstripProps) {
  return (
    <div className={classes.film} role="group" aria-label={`Views of ${letter}`}>
      {urls.map((url, index) => (
        <button
          key={url}
          type="button"
          className={classes.view}
          aria-pressed={index === view}
          aria-label={`View ${index + 1} of ${letter}`}
          onClick={() => onView(index)}
        >
          <img src={url} alt="" decoding="async" style={{ filter }} />
        </button>
      ))}
    </div>
  );
}
