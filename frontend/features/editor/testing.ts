import { vi } from "vitest";
import type { Span, Track } from "./types";

/** A car that nobody has described, of the identity of its number. */
export function track(id: number, spans: readonly Span[], changes: Partial<Track> = {}): Track {
  const facts = {
    identity: id,
    cameras: 1,
    human: false,
    category: 3,
    colour: "",
    machine: null,
    note: "",
    picture: null,
  };
  return { id, number: id, spans, ...facts, ...changes };
}

/** Node has no canvases: pixels as theirs. */
export function stubImageData(): void {
  vi.stubGlobal(
    "ImageData",
    class {
      readonly data: Uint8ClampedArray;

      constructor(
        readonly width: number,
        readonly height: number,
      ) {
        if (width * height === 0) throw new RangeError("browsers make no picture without pixels");
        this.data = new Uint8ClampedArray(width * height * 4);
      }
    },
  );
}
