import { useCallback, useRef, useState } from "react";
import { identityColour, SINGLE_CAMERA_COLOUR } from "@/lib/identityColour";
import { useFollow } from "@/lib/player/useFollow";
import { usePicture } from "@/lib/player/usePicture";
import type { WaitingVideos } from "@/lib/player/waiting";
import { windowOf } from "../api/getBoxes";
import { drawBoxes, type Style } from "../draw";
import { useCanvas } from "../hooks/useCanvas";
import type { Commands } from "../hooks/useCommands";
import type { Editor } from "../hooks/useEditor";
import { useGestures } from "../hooks/useGestures";
import { useFit, type Viewport } from "../hooks/useViewport";
import { useWheel } from "../hooks/useWheel";
import { Raster } from "../raster";
import { trackName } from "../types";
import classes from "./EditorPicture.module.css";
import { Over } from "./Over";
import { Prompt } from "./Prompt";

interface Props {
  name: string;
  editor: Editor;
  commands: Commands;
  viewport: Viewport;
  waiting: WaitingVideos;
}

const PLAIN: Style = { colour: SINGLE_CAMERA_COLOUR, width: 1, label: null };

/** The style of a tracklet's box by its identity. */
function useStyles({ byId }: Editor): (track: number) => Style {
  return useCallback(
    (id: number) => {
      const track = byId.get(id);
      if (!track) return PLAIN;
      const { identity } = track;
      if (identity === null) return { ...PLAIN, label: trackName(track) };
      return { colour: identityColour(identity), width: track.cameras > 1 ? 2 : 1, label: String(identity) };
    },
    [byId],
  );
}

/** The video with the boxes of exactly the frame that it shows; what is selected or held lies on a canvas above. */
export function EditorPicture({ name, editor, commands, viewport, waiting }: Props) {
  const { video, transport, times, clock, boxesAt, setWindowIndex } = editor;
  const player = useRef<HTMLVideoElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const figure = useRef<HTMLElement>(null);
  const [raster] = useState(() => new Raster());
  const styleOf = useStyles(editor);
  const fit = useFit(viewport);
  const gestures = useGestures(editor, commands, viewport, fit);

  const drawBase = useCallback(
    (context: CanvasRenderingContext2D) => {
      const frame = transport.frames.get();
      const boxes = boxesAt(frame);
      drawBoxes(context, raster, boxes ?? [], fit, styleOf);
      figure.current?.setAttribute("data-frame", String(frame));
      figure.current?.setAttribute("data-boxes", boxes ? String(boxes.length) : "loading");
    },
    [transport, raster, boxesAt, fit, styleOf],
  );
  const paint = useCanvas(base, drawBase);
  const { onFrame } = transport;
  const show = useCallback(
    (frame: number) => {
      onFrame(frame);
      setWindowIndex(windowOf(frame));
      paint();
    },
    [onFrame, setWindowIndex, paint],
  );
  usePicture(player, times, show);
  useFollow(player, video, times, clock, waiting);
  useWheel(figure, viewport.zoomAt);

  return (
    <figure
      ref={(element) => {
        figure.current = element;
        viewport.ref(element as HTMLDivElement | null);
      }}
      className={classes.area}
      data-video={video.id}
      data-selected={editor.selected?.number ?? undefined}
    >
      <video
        ref={player}
        className={classes.video}
        style={{
          left: fit.left,
          top: fit.top,
          width: video.width * fit.scale,
          height: video.height * fit.scale,
        }}
        src={video.proxy_url}
        poster={video.poster_url ?? undefined}
        muted
        playsInline
        preload="auto"
        tabIndex={-1}
        aria-label={`Video of camera ${name}`}
      />
      <canvas
        ref={base}
        className={classes.boxes}
        role="img"
        aria-label={`Vehicles in camera ${name}`}
        onPointerDown={gestures.onPointerDown}
        onPointerMove={gestures.onPointerMove}
        onPointerUp={gestures.onPointerUp}
        onPointerCancel={gestures.onPointerCancel}
        onPointerLeave={gestures.onPointerLeave}
      />
      <Over editor={editor} commands={commands} fit={fit} pointer={gestures.pointer} />
      <Prompt commands={commands} />
    </figure>
  );
}
