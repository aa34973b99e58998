// How smoothly the camera page draws a crowded frame: node tests/benchmarks/boxes.mjs [--boxes N] [--dist DIR]
// The built pages with a simulated run behind them (no server, no database) and the demo's first film, in headless
// Chromium without a GPU: playing the film, zooming at its picture, scrolling the list of tracklets. Prints rows of the
// table in docs/benchmarks/frames.md.
import { fileURLToPath } from "node:url";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { onPages, random, simulatedScene, tell, turned, watched } from "./pages.mjs";

const { values } = parseArgs({
  options: {
    boxes: { type: "string", default: "5000" },
    frames: { type: "string", default: "240" },
    dist: { type: "string", default: "frontend/dist" },
  },
});
const [BOXES, FRAMES] = [values.boxes, values.frames].map(Number);
const film = fileURLToPath(new URL("../../fixtures/demo/S01/c001/vdo.mp4", import.meta.url));
const [WIDTH, HEIGHT, FPS, FILM_FRAMES] = [960, 540, 10, 300];
/** The film's first seconds are enough to play; each has all boxes on it. */
const CROWDED_FRAMES = 100;

/** Vehicles that cross the picture, as many on every frame. */
function simulated() {
  const next = random(11);
  const frames = Array.from({ length: CROWDED_FRAMES }, (_, frame) => frame);
  return Array.from({ length: BOXES }, (_, index) => {
    const [width, height] = [8 + next() * 40, 6 + next() * 30];
    const [x, y] = [next() * (WIDTH - width), next() * (HEIGHT - height)];
    const [dx, dy] = [(next() - 0.5) * 2, (next() - 0.5) * 2];
    const box = (frame) => {
      const left = Math.max(0, Math.min(WIDTH - width, x + dx * frame));
      const top = Math.max(0, Math.min(HEIGHT - height, y + dy * frame));
      return [left, top, left + width, top + height].map((value) => Math.round(value * 10) / 10);
    };
    return { id: index + 1, number: index + 1, identity: 1 + Math.floor(next() * BOXES), frames, boxes: frames.map(box) };
  });
}

const tracklets = simulated();
const scene = simulatedScene(1, FILM_FRAMES / FPS);
const video = {
  id: 1, original_name: "vdo.mp4", state: "ready", problem: "", start_s: 0, start_origin: "stated", fps: FPS,
  frame_count: FILM_FRAMES, duration_s: FILM_FRAMES / FPS, width: WIDTH, height: HEIGHT, codec: "h264",
  proxy_url: "/film.mp4", poster_url: null,
};
const camera = { id: 1, name: "c001", position: 0, calibration: null, roi_url: null, videos: [video] };
const passage = ({ id, number, identity }) => ({
  id, number, category: 3, colour: "", note: "", picture: null, layer: "run", spans: [[0, CROWDED_FRAMES - 1]],
  identity_number: identity, identity_cameras: 1 + (identity % 3),
});

function answer(url) {
  const path = url.pathname.replace("/api/v1", "");
  if (path === "/session") return { user: { id: 1, username: "viewer", role: "viewer" }, csrf_token: "x" };
  if (path === "/scenes/1") return scene;
  if (path === "/scenes/1/cameras") return [camera];
  if (path === "/videos/1/frame-times") return { times_s: Array.from({ length: FILM_FRAMES }, (_, frame) => frame / FPS) };
  if (path === "/runs/1/videos/1/tracklets") return { tracklets: tracklets.map(passage) };
  if (path === "/runs/1/tracks")
    return { tracklets: tracklets.map(({ id, frames, boxes }) => ({ id, frames, boxes })) };
  return { next: null, previous: null, results: [] };
}

await onPages({ dist: values.dist, answer, film }, "/scenes/1/cameras/1", async (page, measure) => {
  await page.waitForFunction((count) => document.querySelector("figure[data-video]")?.dataset.boxes === String(count), BOXES);
  console.log(`load ${loadavg()[0].toFixed(1)}`);
  const frameOnScreen = () => page.evaluate(() => Number(document.querySelector("figure[data-video]").dataset.frame));
  const from = await frameOnScreen();
  await page.keyboard.press("Space");
  const play = await measure(watched, { frames: FRAMES });
  await page.keyboard.press("Space");
  tell(`camera, ${BOXES} boxes: play (${(await frameOnScreen()) - from} of the film's frames)`, play);
  tell("camera: zoom at the picture, every frame", await measure(turned, { selector: "figure[data-video]", frames: FRAMES, zoom: true }));
  const list = "section[aria-label=Tracklets] [class*=scroll]";
  tell(`camera: scroll the list of ${BOXES} tracklets`, await measure(watched, { selector: list, frames: FRAMES, perFrame: 40 }));
});
