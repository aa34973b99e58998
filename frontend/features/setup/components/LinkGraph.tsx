import { useRef } from "react";
import { type Size, useSize } from "@/lib/plot/canvas";
import { type DraftLink, isSame } from "../linkDraft";
import type { Point } from "../regionDraft";
import classes from "./LinkGraph.module.css";

export interface Node {
  readonly id: number;
  readonly name: string;
  /** Metres, if the camera is calibrated. */
  readonly place: Point | null;
}

interface Props {
  nodes: readonly Node[];
  links: readonly DraftLink[];
  chosen: DraftLink | null;
  onChoose: (link: DraftLink) => void;
}

const ROOM = 60;
const BEND = 0.14;
const RADIUS = 7;

/** Cameras where they stand, or in a row of their order, and the links between them. */
export function LinkGraph({ nodes, links, chosen, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const places = placed(nodes, size);
  return (
    <div ref={box} className={classes.box}>
      <svg className={classes.graph} role="group" aria-label="Cameras and the links between them">
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" className={classes.head} />
          </marker>
        </defs>
        {links.map((link) => {
          const [from, to] = [places.get(link.source), places.get(link.target)];
          if (!from || !to) return null;
          const isChosen = chosen !== null && isSame(chosen, link);
          return (
            <Edge
              key={`${link.source} ${link.target}`}
              from={from}
              to={to}
              words={`${link.min_s} to ${link.max_s} s`}
              isChosen={isChosen}
              onChoose={() => onChoose(link)}
            />
          );
        })}
        {nodes.map(({ id, name }) => {
          const [x, y] = places.get(id) ?? [0, 0];
          return (
            <g key={id} transform={`translate(${x} ${y})`} className={classes.node}>
              <circle r={RADIUS} />
              <text y={RADIUS + 16} textAnchor="middle">
                {name}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

interface EdgeProps {
  from: Point;
  to: Point;
  words: string;
  isChosen: boolean;
  onChoose: () => void;
}

/** A curve to the right of the way, so that the two directions do not lie on each other. */
function Edge({ from, to, words, isChosen, onChoose }: EdgeProps) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.max(Math.hypot(dx, dy), 1);
  const share = (RADIUS + 4) / length;
  const [startX, startY] = [from[0] + dx * share, from[1] + dy * share];
  const [endX, endY] = [to[0] - dx * share, to[1] - dy * share];
  const middle: Point = [(from[0] + to[0]) / 2 - dy * BEND, (from[1] + to[1]) / 2 + dx * BEND];
  const path = `M${startX} ${startY}Q${middle[0]} ${middle[1]} ${endX} ${endY}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table beside is for keys
    <g className={classes.edge} data-chosen={isChosen || undefined} onClick={onChoose}>
      <path d={path} className={classes.reach} />
      <path d={path} className={classes.line} markerEnd="url(#arrow)" />
      {isChosen && (
        <text
          x={(from[0] + to[0]) / 4 + middle[0] / 2}
          y={(from[1] + to[1]) / 4 + middle[1] / 2}
          textAnchor="middle"
        >
          {words}
        </text>
      )}
    </g>
  );
}

/** North is up where all cameras have a place; without, they stand on an arc in their order. */
function placed(nodes: readonly Node[], { width, height }: Size): Map<number, Point> {
  const known = nodes.flatMap(({ place }) => (place ? [place] : []));
  if (known.length < nodes.length || known.length < 2) return onAnArc(nodes, width, height);
  const [xs, ys] = [known.map(([x]) => x), known.map(([, y]) => y)];
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - bottom];
  const scale = Math.min((width - 2 * ROOM) / Math.max(wide, 1), (height - 2 * ROOM) / Math.max(high, 1));
  const [offX, offY] = [(width - wide * scale) / 2, (height - high * scale) / 2];
  return new Map(
    nodes.map(({ id, place }) => {
      const [x, y] = place ?? [0, 0];
      return [id, [offX + (x - left) * scale, height - offY - (y - bottom) * scale]];
    }),
  );
}

function onAnArc(nodes: readonly Node[], width: number, height: number): Map<number, Point> {
  const across = Math.max(nodes.length - 1, 1);
  return new Map(
    nodes.map(({ id }, place) => {
      const angle = Math.PI * (1 - place / across);
      const x = width / 2 + ((width - 2 * ROOM) / 2) * Math.cos(angle);
      return [id, [x, height / 2 + (height / 4) * (0.5 - Math.sin(angle))]];
    }),
  );
}
