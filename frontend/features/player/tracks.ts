/** Tracklets of a window of frames, turned into boxes by frame for drawing. */

export type Box = readonly [number, number, number, number];

export interface TrackedBox {
  readonly tracklet: number;
  readonly identity: number | null;
  /** How many cameras the identity was seen in. */
  readonly cameras: number;
  readonly box: Box;
}

/** What is read of the server's answer. */
export interface WindowTracklet {
  readonly id: number;
  readonly identity_number: number | null;
  readonly identity_cameras: number;
  readonly frames: readonly number[];
  readonly boxes: readonly (readonly number[])[];
}

export interface TrackWindow {
  readonly firstFrame: number;
  readonly byFrame: readonly (readonly TrackedBox[])[];
}

/** Frames that are asked for at once: about 25 s of video, some tens of kilobytes. */
export const WINDOW_FRAMES = 600;

export function windowOf(frame: number): number {
  return Math.floor(frame / WINDOW_FRAMES);
}

/** Boxes of frames `firstFrame` .. `firstFrame + WINDOW_FRAMES - 1`. */
export function byFrame(firstFrame: number, tracklets: readonly WindowTracklet[]): TrackWindow {
  const frames: TrackedBox[][] = Array.from({ length: WINDOW_FRAMES }, () => []);
  for (const tracklet of tracklets) {
    tracklet.frames.forEach((frame, index) => {
      const box = tracklet.boxes[index];
      if (box) frames[frame - firstFrame]?.push(trackedBox(tracklet, box));
    });
  }
  return { firstFrame, byFrame: frames };
}

function trackedBox(tracklet: WindowTracklet, box: readonly number[]): TrackedBox {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = box;
  return {
    tracklet: tracklet.id,
    identity: tracklet.identity_number,
    cameras: tracklet.identity_cameras,
    box: [x1, y1, x2, y2],
  };
}

/** The boxes of `frame`, or null while their window is not loaded. */
export function boxesAt(
  windows: ReadonlyMap<number, TrackWindow>,
  frame: number,
): readonly TrackedBox[] | null {
  const found = windows.get(windowOf(frame));
  return found ? (found.byFrame[frame - found.firstFrame] ?? []) : null;
}
