// How smoothly the space-time diagram pans and zooms: node tests/benchmarks/diagram.mjs [--tracklets N] [--dist DIR]
// The built pages with a simulated run behind them (no server, no database), in headless Chromium without a GPU.
// Prints JSON: intervals between frames, and the processor time that a frame takes: on the page's thread, of which
// script, and in all of the browser's processes together (drawing and compositing included).
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { loadavg } from "node:os";
import { extname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

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
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const { chromium } = createRequire(new URL("../../frontend/package.json", import.meta.url))("playwright-core");

/** The same numbers in every run. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

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
const run = { id: 1, number: 1, state: "succeeded", preset: "simulated", idf1: null, created_at: null, finished_at: null };
const scene = {
  id: 1, slug: "simulated", name: "Simulated", description: "", time_zone: "UTC", starts_at: null, version: 1,
  camera_count: CAMERAS, duration_s: 3600, poster_video_id: null, my_role: "viewer", current_run: run, latest_run: run,
};
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

function serve(request, response) {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname.startsWith("/api/")) {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(answer(url)));
    return;
  }
  const file = resolve(join(values.dist, url.pathname.replace("/static/app/", "/")));
  const isFile = file.startsWith(resolve(values.dist)) && extname(file) !== "" && existsSync(file);
  const shown = isFile ? file : join(values.dist, "index.html");
  response.setHeader("Content-Type", TYPES[extname(shown)] ?? "application/octet-stream");
  createReadStream(shown).pipe(response);
}

/** In the page: turn the wheel once a frame and note when each frame came, milliseconds. */
function turned({ frames, zoom }) {
  const canvas = document.querySelector("canvas[role=img]");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return new Promise((done) => {
    const times = [];
    const step = (now) => {
      times.push(now);
      if (times.length > frames) return done(times);
      const back = times.length > frames / 2;
      const delta = zoom ? (back ? 40 : -40) : back ? -12 : 12;
      const wheel = { bubbles: true, cancelable: true, clientX: left + width / 2, clientY: top + height / 2 };
      canvas.dispatchEvent(new WheelEvent("wheel", { ...wheel, deltaY: delta, shiftKey: !zoom }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

const round = (value) => Math.round(value * 10) / 10;

function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
}

async function measured(page, session, browserSession, zoom) {
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const { processInfo } = await browserSession.send("SystemInfo.getProcessInfo");
    const all = processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    return { ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])), all };
  };
  const before = await busy();
  const times = await page.evaluate(turned, { frames: FRAMES, zoom });
  const after = await busy();
  const intervals = times.slice(1).map((time, index) => time - times[index]);
  return {
    frame_ms_median: quantile(intervals, 0.5),
    frame_ms_p95: quantile(intervals, 0.95),
    main_thread_ms_a_frame: round(((after.TaskDuration - before.TaskDuration) * 1000) / FRAMES),
    script_ms_a_frame: round(((after.ScriptDuration - before.ScriptDuration) * 1000) / FRAMES),
    all_processes_ms_a_frame: round(((after.all - before.all) * 1000) / FRAMES),
  };
}

const server = createServer(serve);
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
try {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/scenes/1/timeline`);
  await page.locator("canvas[role=img]").waitFor({ timeout: 60_000 });
  await page.waitForFunction(() => document.querySelector("canvas[role=img]").width > 300, undefined, { timeout: 60_000 });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const browserSession = await browser.newBrowserCDPSession();
  const result = { tracklets: TRACKLETS, cameras: CAMERAS, load: round(loadavg()[0]) };
  result.zoom_from_all = await measured(page, session, browserSession, true);
  await page.keyboard.press("=");
  await page.keyboard.press("=");
  result.pan = await measured(page, session, browserSession, false);
  console.log(JSON.stringify(result, null, 1));
} finally {
  await browser.close();
  server.close();
}
