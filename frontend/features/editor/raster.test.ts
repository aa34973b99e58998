import { describe, expect, test, vi } from "vitest";
import { type Area, type Pixels, Raster, wordOf, writeOutline } from "./raster";
import { stubImageData } from "./testing";

function empty(width: number, height: number): Pixels {
  return { words: new Uint32Array(width * height), width, height };
}

/** A row of letters a row of pixels: # written, . not. */
function drawn({ words, width }: Pixels): string[] {
  const letters = [...words].map((word) => (word === 0 ? "." : "#")).join("");
  return letters.match(new RegExp(`.{${width}}`, "g")) ?? [];
}

function outlined(area: Area, thickness: number, width = 7, height = 5): string[] {
  const pixels = empty(width, height);
  writeOutline(pixels, area, thickness, 1);
  return drawn(pixels);
}

describe("an outline", () => {
  const area = { left: 1, top: 1, right: 6, bottom: 4 };
  test("of one pixel lies inside the box, right and bottom exclusive", () => {
    expect(outlined(area, 1)).toEqual([".......", ".#####.", ".#...#.", ".#####.", "......."]);
  });
  test("of two pixels lies on both sides of the edge", () => {
    expect(outlined(area, 2)).toEqual(["#######", "#######", "##...##", "#######", "#######"]);
  });
  test("is cut where the picture ends", () => {
    expect(outlined({ left: -3, top: 2, right: 3, bottom: 9 }, 1)).toEqual([
      ".......",
      ".......",
      "###....",
      "..#....",
      "..#....",
    ]);
    expect(outlined({ left: 20, top: -9, right: 30, bottom: -2 }, 3).join("")).not.toContain("#");
  });
  test("of a box thinner than its lines fills it and no more", () => {
    expect(outlined({ left: 2, top: 1, right: 4, bottom: 2 }, 1)).toEqual([
      ".......",
      "..##...",
      ".......",
      ".......",
      ".......",
    ]);
  });
});

test("a colour is alpha, blue, green, red from the highest byte", () => {
  expect(wordOf("#2eef8f").toString(16)).toBe("ff8fef2e");
  expect(wordOf("#05080c", 0.55).toString(16)).toBe("8c0c0805");
});

test("every drawing starts empty, also on a canvas of another size", () => {
  stubImageData();
  const put: string[][] = [];
  const canvas = { width: 3, height: 1 };
  const context = {
    canvas,
    putImageData: ({ data, width, height }: ImageData) =>
      put.push(drawn({ words: new Uint32Array(data.buffer), width, height })),
  } as unknown as CanvasRenderingContext2D;
  const raster = new Raster();
  raster.draw(context, ({ words }) => words.fill(1));
  raster.draw(context, ({ words }) => words.fill(1, 0, 1));
  canvas.width = 4;
  raster.draw(context, ({ words }) => words.fill(1, 3));
  vi.unstubAllGlobals();
  expect(put).toEqual([["###"], ["#.."], ["...#"]]);
});

test("nothing is drawn on a canvas that has no pixels just now", () => {
  stubImageData();
  const write = vi.fn();
  const context = { canvas: { width: 300, height: 0 } } as unknown as CanvasRenderingContext2D;
  new Raster().draw(context, write);
  vi.unstubAllGlobals();
  expect(write).not.toHaveBeenCalled();
});
