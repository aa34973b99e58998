import { expect, test, vi } from "vitest";
import { drawBoxes, type Style } from "./draw";
import { Raster } from "./raster";
import { stubImageData } from "./testing";
import type { TrackBox } from "./types";

const STYLE: Style = { colour: "#2eef8f", width: 1, label: "12" };

/** What `boxes` leave on a canvas of 400 x 300 at two of the screen's pixels to one of its own. */
function drawnOf(boxes: readonly TrackBox[]) {
  stubImageData();
  const labels: number[] = [];
  const colours = new Set<number>();
  const context = {
    canvas: { width: 400, height: 300 },
    getTransform: () => ({ a: 2 }),
    putImageData: ({ data }: ImageData) => {
      for (const word of new Uint32Array(data.buffer)) colours.add(word);
    },
    measureText: () => ({ width: 14 }),
    fillRect: () => undefined,
    fillText: (_text: string, left: number) => labels.push(left),
  } as unknown as CanvasRenderingContext2D;
  drawBoxes(context, new Raster(), boxes, { scale: 1, left: 0, top: 0 }, () => STYLE);
  vi.unstubAllGlobals();
  return { labels, colours };
}

const box = (track: number, left: number, width: number): TrackBox => ({
  track,
  box: [left, 20, left + width, 40],
});

test("a box is drawn with a rim and its label, at the screen's own pixels", () => {
  const { labels, colours } = drawnOf([box(1, 10, 30)]);
  expect(labels).toEqual([13]);
  expect(colours).toEqual(new Set([0, 0x8c0c0805, 0xff8fef2e]));
});

test("what is out of view costs nothing and makes no crowd", () => {
  const far = Array.from({ length: 1000 }, (_, track) => box(track, 500, 30));
  expect(drawnOf([...far, box(1000, 10, 30)])).toEqual(drawnOf([box(1, 10, 30)]));
});

test("of a crowd the 200 widest boxes carry labels, and none has a rim", () => {
  const crowd = Array.from({ length: 500 }, (_, track) => box(track, track % 100, track < 300 ? 25 : 60));
  const { labels, colours } = drawnOf(crowd);
  expect(labels).toHaveLength(200);
  expect(new Set(labels)).toEqual(new Set(crowd.slice(300).map(({ box: [left] }) => left + 3)));
  expect(colours).toEqual(new Set([0, 0xff8fef2e]));
});
