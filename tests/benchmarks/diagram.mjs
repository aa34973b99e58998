// How smoothly the space-time diagram pans and zooms: node tests/benchmarks/diagram.mjs [--tracklets N] [--dist DIR]
// The built pages with a simulated run behind them (no server, no database), in headless Chromium without a GPU.
// Prints rows of the table in docs/benchmarks/frames.md.
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { onPages, random, simulatedScene, tell, turned } from "./pages.mjs";

const { values } = parseArgs({
  options: {
    tracklets: { type: "string", default: "10000" },
    cameras: { type: "string", default: "20" },
    frames: { type: "string", default: "240" },
    dist: { type: "string", default: "frontend/dist" },
  },
});
const [TRACKLETS, CAMERAS, FRAMES] = [values.tracklets, values.cameras, values.frames].map(Number);
const HOUR_MS = 3_600_000;
const PAGE = 10_000;

/** Vehicles that drive past some cameras in a row, 5 to 25 s in each, 20 to 60 s between them. */
function simulated() {
  const next = random(7);
  const rows = [];
  for (let identity = 1; rows.length < TRACKLETS; identity++) {
    let at = next() * HOUR_MS;
    const first = Math.floor(next() * CAMERAS);
    const count = 1 + Math.floor(next() * 5);
    const state = count === 1 ? 0 : next() < 0.1 ? 3 : next() < 0.3 ? 2 : 1;
    for (let step = 0; step < count && rows.length < TRACKLETS; step++) {
      const length = 5000 + next() * 20_000;
      const times = { start_ms: Math.round(at), end_ms: Math.round(at + length) };
      rows.push({ id: rows.length + 1, camera: 1 + ((first + step) % CAMERAS), number: rows.length + 1, ...times, identity, state });
      at += length + 20_000 + next() * 40_000;
    }
  }
  return rows;
}

const rows = simulated();
const camera = (id) => ({ id, name: `c${String(id).padStart(3, "0")}`, position: id, calibration: null, roi_url: null, videos: [] });
const scene = simulatedScene(CAMERAS, 3600);
const cameras = Array.from({ length: CAMERAS }, (_, index) => camera(index + 1));

function diagram(after) {
  const page = rows.slice(after, after + PAGE);
  const columns = {};
  for (const name of ["id", "camera", "number", "start_ms", "end_ms", "identity", "state"]) columns[name] = page.map((row) => row[name]);
  const next = after + PAGE < rows.length ? after + PAGE : null;
  return { run: 1, states: ["single", "machine", "confirmed", "contradictory"], next, columns };
}

function answer(url) {
  const path = url.pathname.replace("/api/v1", "");
  if (path === "/session") return { user: { id: 1, username: "viewer", role: "viewer" }, csrf_token: "x" };
  if (path === "/scenes/1") return scene;
  if (path === "/scenes/1/cameras") return cameras;
  if (path === "/scenes/1/ground") return { origin: null, cameras: [], order: cameras.map(({ id }) => id), order_basis: "listed" };
  if (path === "/runs/1/diagram") return diagram(Number(url.searchParams.get("after") ?? 0));
  return { next: null, previous: null, results: [] };
}

await onPages({ dist: values.dist, answer }, "/scenes/1/timeline", async (page, measure) => {
  await page.locator("canvas[role=img]").waitFor();
  await page.waitForFunction(() => document.querySelector("canvas[role=img]").width > 300);
  const canvas = { selector: "canvas[role=img]", frames: FRAMES };
  console.log(`load ${loadavg()[0].toFixed(1)}, ${CAMERAS} cameras`);
  tell(`diagram, ${TRACKLETS} tracklets: zoom from the whole hour`, await measure(turned, { ...canvas, zoom: true }));
  await page.keyboard.press("=");
  await page.keyboard.press("=");
  tell("diagram: pan", await measure(turned, { ...canvas, zoom: false }));
});
