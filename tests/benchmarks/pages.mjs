// What the benchmarks of drawing share: the built pages with a simulated run behind them (no server, no database), in
// headless Chromium without a GPU, and what a frame costs.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const { chromium } = createRequire(new URL("../../frontend/package.json", import.meta.url))("playwright-core");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"];
/** One frame at 60 a second, and what the clock may be off. */
const IN_TIME_MS = 1000 / 60 + 0.5;

/** The same numbers in every run. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A scene of these cameras with one finished run, as the API tells it. */
export function simulatedScene(cameras, seconds) {
  const run = { id: 1, number: 1, state: "succeeded", preset: "simulated", idf1: null, created_at: null, finished_at: null };
  return {
    id: 1, slug: "simulated", name: "Simulated", description: "", time_zone: "UTC", starts_at: null, version: 1,
    camera_count: cameras, duration_s: seconds, poster_video_id: null, my_role: "viewer", current_run: run, latest_run: run,
  };
}

/** A film, also from the middle: browsers ask for ranges. */
export function sendFilm(request, response, path) {
  const { size } = statSync(path);
  const [, from = "0", to = ""] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
  const [start, end] = [Number(from), to ? Number(to) : size - 1];
  const headers = { "Content-Type": "video/mp4", "Accept-Ranges": "bytes", "Content-Length": end - start + 1 };
  if (request.headers.range) headers["Content-Range"] = `bytes ${start}-${end}/${size}`;
  response.writeHead(request.headers.range ? 206 : 200, headers);
  createReadStream(path, { start, end }).pipe(response);
}

/** Serve the pages in `dist`; `answer(url)` is what the API says there, `film` the video of every camera. */
async function served({ dist, answer, film }) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (film && url.pathname === "/film.mp4") return sendFilm(request, response, film);
    if (url.pathname.startsWith("/api/")) {
      response.setHeader("Content-Type", "application/json");
      return response.end(JSON.stringify(answer(url)));
    }
    const file = resolve(join(dist, url.pathname.replace("/static/app/", "/")));
    const isFile = file.startsWith(resolve(dist)) && extname(file) !== "" && existsSync(file);
    const shown = isFile ? file : join(dist, "index.html");
    response.setHeader("Content-Type", TYPES[extname(shown)] ?? "application/octet-stream");
    return createReadStream(shown).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

/** Run `look(page, measure)` on the page at `path`. */
export async function onPages(options, path, look) {
  const server = await served(options);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    page.setDefaultTimeout(120_000);
    page.on("pageerror", (error) => console.error(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}${path}`);
    await look(page, await meter(browser, page));
  } finally {
    await browser.close();
    server.close();
  }
}

const round = (value) => Math.round(value * 10) / 10;

function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
}

/**
 * `measure(turn, given)`: `turn` runs in the page and returns when each frame came (ms). Told are intervals between
 * frames, and the processor time of a frame: on the page's thread, of which script, and in all processes together.
 */
async function meter(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const ofBrowser = await browser.newBrowserCDPSession();
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const { processInfo } = await ofBrowser.send("SystemInfo.getProcessInfo");
    const all = processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    return { ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])), all };
  };
  return async (turn, given) => {
    const before = await busy();
    const times = await page.evaluate(turn, given);
    const after = await busy();
    const intervals = times.slice(1).map((time, index) => time - times[index]);
    const cost = (name, scale) => round(((after[name] - before[name]) * scale) / intervals.length);
    return {
      frames: intervals.length,
      in_time_percent: Math.round((100 * intervals.filter((each) => each <= IN_TIME_MS).length) / intervals.length),
      frame_ms_median: quantile(intervals, 0.5),
      frame_ms_p95: quantile(intervals, 0.95),
      main_thread_ms_a_frame: cost("TaskDuration", 1000),
      script_ms_a_frame: cost("ScriptDuration", 1000),
      all_processes_ms_a_frame: cost("all", 1000),
    };
  };
}

/** A measurement as a row of the table in docs/benchmarks/frames.md. */
export function tell(what, { in_time_percent, frame_ms_median, frame_ms_p95, ...cost }) {
  const { main_thread_ms_a_frame, script_ms_a_frame, all_processes_ms_a_frame } = cost;
  const cells = [`${in_time_percent}%`, `${frame_ms_median}, ${frame_ms_p95} ms`, main_thread_ms_a_frame, script_ms_a_frame];
  console.log(`| ${[what, ...cells, all_processes_ms_a_frame].join(" | ")} |`);
}

/** In the page: turn the wheel once a frame over `selector`, half of the frames in, half out (or along, with Shift). */
export function turned({ selector, frames, zoom }) {
  const area = document.querySelector(selector);
  const { left, top, width, height } = area.getBoundingClientRect();
  return new Promise((done) => {
    const times = [];
    const step = (now) => {
      times.push(now);
      if (times.length > frames) return done(times);
      const back = times.length > frames / 2;
      const delta = zoom ? (back ? 40 : -40) : back ? -12 : 12;
      const wheel = { bubbles: true, cancelable: true, clientX: left + width / 2, clientY: top + height / 2 };
      area.dispatchEvent(new WheelEvent("wheel", { ...wheel, deltaY: delta, shiftKey: !zoom }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** In the page: watch `frames` frames go by; `perFrame` px that the list under `selector` is scrolled by each. */
export function watched({ frames, selector, perFrame }) {
  const list = selector && document.querySelector(selector);
  return new Promise((done) => {
    const times = [];
    const step = (now) => {
      times.push(now);
      if (times.length > frames) return done(times);
      if (list) list.scrollTop += perFrame;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}
