import { Kbd } from "@mantine/core";
import type { MouseEvent } from "react";
import { IdentityChip } from "@/components/IdentityChip";
import { counted, percent } from "@/lib/format";
import { vehicleWords } from "@/lib/vehicle";
import { lookOfAnswer } from "../answers";
import { byCamera, type Marks } from "../board";
import { keyOf } from "../hooks/useBoardActions";
import type { Board, PairTracklet, Rival } from "../types";
import classes from "./BoardGrid.module.css";

interface Props {
  board: Board;
  marks: Marks;
  /** Tracklets that cannot be the same, and why. */
  clashes: ReadonlyMap<number, string>;
  /** Which of its pictures each shows; those that have fewer begin again. */
  view: number;
  onToggle: (tracklet: number) => void;
  readTime: (seconds: number) => string;
}

/** A click leaves the focus where it was: keys go on meaning what they mean. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

/** The identity's own pictures in the order of time, and its rivals camera by camera. */
export function BoardGrid({ board, marks, clashes, view, onToggle, readTime }: Props) {
  const places = new Map(board.rivals.map(({ tracklet }, index) => [tracklet.id, index]));
  return (
    <div className={classes.board} data-board={board.number}>
      <section className={classes.own} aria-label={`Identity ${board.number}`}>
        {board.tracklets.map((tracklet) => (
          <figure key={tracklet.id} className={classes.tile}>
            <Picture tracklet={tracklet} view={view} name={`T${tracklet.number}`} />
            <figcaption>
              <strong>{tracklet.camera.name}</strong> {readTime(tracklet.start_s)}
            </figcaption>
          </figure>
        ))}
      </section>
      <section className={classes.rivals} aria-label="What it may be one with">
        {byCamera(board).map(([camera, rivals]) => (
          <div key={camera} className={classes.camera}>
            <h3 className={classes.heading}>{camera}</h3>
            <div className={classes.tiles}>
              {rivals.map((rival) => (
                <Tile
                  key={rival.candidate}
                  rival={rival}
                  place={places.get(rival.tracklet.id) ?? 0}
                  mark={marks[rival.tracklet.id]}
                  clash={clashes.get(rival.tracklet.id)}
                  view={view}
                  onToggle={onToggle}
                  readTime={readTime}
                />
              ))}
            </div>
          </div>
        ))}
      </section>
    </div>
  );
}

interface TileProps extends Pick<Props, "view" | "onToggle" | "readTime"> {
  rival: Rival;
  place: number;
  mark: "same" | "different" | undefined;
  clash: string | undefined;
}

function Tile({ rival, place, mark, clash, view, onToggle, readTime }: TileProps) {
  const { tracklet, chance, transit_s, members } = rival;
  const said = mark ? lookOfAnswer(mark) : null;
  return (
    <button
      type="button"
      className={`${classes.tile} ${classes.rival}`}
      data-mark={mark}
      data-clash={clash ? true : undefined}
      onMouseDown={keepFocus}
      onClick={() => onToggle(tracklet.id)}
    >
      <Picture
        tracklet={tracklet}
        view={view}
        name={`Identity ${tracklet.identity.number} in ${tracklet.camera.name}`}
      />
      <span className={classes.key}>
        <Kbd size="xs">{keyOf(place)}</Kbd>
      </span>
      {said && (
        <span className={classes.mark}>
          <span aria-hidden="true">{said.mark}</span> {said.word}
        </span>
      )}
      <span className={classes.facts}>
        <IdentityChip number={tracklet.identity.number} /> {readTime(tracklet.start_s)} ·{" "}
        {vehicleWords(tracklet)}
      </span>
      <span className={classes.facts}>
        {percent(chance, 0)} likely · {transit_s.toFixed(1)} s
        {members.length > 1 && ` · ${counted(members.length, "tracklet")}`}
      </span>
      {clash && <span className={classes.clash}>⚠ {clash}</span>}
    </button>
  );
}

interface PictureProps {
  tracklet: PairTracklet;
  view: number;
  name: string;
}

function Picture({ tracklet: { crop_urls }, view, name }: PictureProps) {
  const url = crop_urls[view % Math.max(1, crop_urls.length)];
  return (
    <span className={classes.picture}>
      {url ? <img src={url} alt={name} decoding="sync" /> : "no picture"}
    </span>
  );
}
