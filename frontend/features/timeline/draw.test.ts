import { expect, test } from "vitest";
import { barsOf, packLanes, STATES, stepsOf } from "./bars";
import { drawDiagram } from "./draw";
import { barMiddles, placeLanes, TimeScale } from "./layout";

/** Counts what is drawn instead of drawing it. */
function recorder() {
  const drawn = { rectangles: 0, lines: 0 };
  const context = {
    clearRect: () => undefined,
    fillRect: () => {
      drawn.rectangles += 1;
    },
    strokeRect: () => undefined,
    fillText: () => undefined,
    beginPath: () => undefined,
    moveTo: () => undefined,
    lineTo: () => {
      drawn.lines += 1;
    },
    stroke: () => undefined,
  };
  return { drawn, context: context as unknown as CanvasRenderingContext2D };
}

const COUNT = 20_000;
const index = Array.from({ length: COUNT }, (_, bar) => bar);
const bars = barsOf([
  {
    states: [...STATES],
    columns: {
      id: index,
      camera: index.map((bar) => bar % 2),
      number: index,
      start_ms: index.map((bar) => bar * 100),
      end_ms: index.map((bar) => bar * 100 + 150),
      identity: index.map((bar) => Math.floor(bar / 2) + 1),
      state: index.map(() => 1),
    },
  },
]);

function drawnAt(span: { from: number; to: number }, mostSteps: number) {
  const { lanes } = placeLanes(packLanes(bars, [0, 1]), 200);
  const { drawn, context } = recorder();
  drawDiagram(context, {
    bars,
    steps: stepsOf(bars),
    lanes,
    middles: barMiddles(bars, lanes),
    scale: new TimeScale(span, 500),
    height: 200,
    identity: null,
    focus: null,
    playhead: null,
    readTime: String,
    palette: { states: ["a", "b", "c", "d"], text: "", dimmed: "", line: "", lane: "", body: "", accent: "" },
    mostSteps,
  });
  return drawn;
}

test("what shares a pixel is one rectangle: 20,000 bars on 500 pixels are a few, and no line is more than allowed", () => {
  const drawn = drawnAt({ from: 0, to: 2000 }, 300);
  expect(drawn.rectangles).toBeLessThan(2 * 500);
  expect(drawn.lines).toBe(300);
});

test("from near, each bar in view is drawn and nothing else", () => {
  // 10 s: bars 0..100 begin in it, and 11 marks and 2 lanes are drawn besides.
  const drawn = drawnAt({ from: 0, to: 10 }, 300);
  expect(drawn.rectangles).toBeGreaterThanOrEqual(100);
  expect(drawn.rectangles).toBeLessThan(125);
});
