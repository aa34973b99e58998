// What the browser tests share: the system's Chromium, signing in, waiting, and saying what is wrong.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const fromFrontend = createRequire(new URL("../../frontend/package.json", import.meta.url));
const { chromium } = fromFrontend("playwright-core");

// The machine may be busy with other tests: slow is not wrong.
const PATIENCE_MS = 90_000;
/** A standing video tells its frame within this time. */
const CALM_MS = 1000;
/** Letters of a page in the report of a failure. */
const MOST_WORDS = 1500;
/** A slow line and a slow machine: every answer is up to so many milliseconds late, by chance out of the seed. */
const LAG_MS = Number(process.env.CROSSTRACK_E2E_LAG ?? 0);
const SEED = Number(process.env.CROSSTRACK_E2E_SEED ?? Date.now() % 1e6);
const THROTTLED = 4;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** node SCRIPT ADDRESS USERS.json FOLDER: the site, its users' passwords, where pictures go. */
export function site() {
  const [address, users, folder] = process.argv.slice(2);
  if (!address || !users || !folder) throw new Error("usage: node SCRIPT ADDRESS USERS.json FOLDER");
  mkdirSync(folder, { recursive: true });
  return { address, passwords: JSON.parse(readFileSync(users, "utf8")), folder };
}

export function axeSource() {
  return readFileSync(fromFrontend.resolve("axe-core/axe.min.js"), "utf8");
}

/** Run `test` with a browser that is closed whatever happens. */
export async function withBrowser(test) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  try {
    await test(browser);
  } catch (error) {
    if (LAG_MS > 0) console.error(`with CROSSTRACK_E2E_LAG=${LAG_MS} CROSSTRACK_E2E_SEED=${SEED}`);
    for (const page of browser.contexts().flatMap((context) => context.pages())) await tellPage(page);
    throw error;
  } finally {
    await browser.close();
  }
}

/** What a page says where a story stopped: pictures stay on the machine, its words are in the report. */
async function tellPage(page) {
  const words = await page.locator("body").innerText({ timeout: CALM_MS }).catch(String);
  console.error(`${page.url()} says:\n${words.slice(0, MOST_WORDS)}\n`);
}

/** A page of its own session. Errors of the page (not of the network) fail the test when `problems` is looked at. */
export async function openPage(browser, { width = 1366, height = 768, scheme = "dark" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  if (LAG_MS > 0) await slowDown(page);
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    const isRefusal = message.text().includes("Content Security Policy") || message.text().includes("Warning:");
    if (message.type() === "error" && isRefusal) problems.push(message.text());
  });
  return { page, problems, close: () => context.close() };
}

/** The page's own processor goes at a quarter of its speed; pictures come late, and so do the answers of the API. */
async function slowDown(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: THROTTLED });
  await page.addInitScript(lateFetch, { most: LAG_MS, seed: SEED });
  let pictures = 0;
  await page.route("**/*", async (route) => {
    const isShown = ["image", "media"].includes(route.request().resourceType());
    if (isShown) await new Promise((done) => setTimeout(done, ((SEED + 7919 * pictures++) * 31) % LAG_MS));
    await route.fallback();
  });
}

/** Runs in the page, before anything of its own: half of the lag lies before the server has a request, half after it. */
function lateFetch({ most, seed }) {
  const fetchNow = window.fetch.bind(window);
  let state = [...location.href].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, seed);
  const lag = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return new Promise((done) => setTimeout(done, ((state >>> 0) / 2 ** 33) * most));
  };
  window.fetch = async (input, init) => {
    await lag();
    const response = await fetchNow(input, init);
    await lag();
    (init?.signal ?? input.signal)?.throwIfAborted();
    return response;
  };
}

export async function signIn(page, { address, passwords }, user, path = "/scenes") {
  await page.goto(address + path);
  await page.getByLabel("Name").fill(user);
  await page.locator("input[name=password]").fill(passwords[user]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
}

/** JSON of the API as the signed-in person of `page` gets it. */
export async function ask(page, path) {
  // A kept connection that the server closes in that very moment is not an answer: asked again.
  const response = await page.request.get(new URL(`/api/v1${path}`, page.url()).href, { maxRetries: 3 });
  check(response.ok(), `GET ${path} answered ${response.status()}`);
  return response.json();
}

/** The demo's scene with the run that people see. */
export async function demoScene(page) {
  const { results } = await ask(page, "/scenes");
  const scene = results.find(({ current_run }) => current_run);
  check(scene, "no scene has a finished run");
  return scene;
}

/** Wait until every camera shows a frame of which the boxes are known. */
export async function picturesReady(page) {
  await page.waitForFunction(() => {
    const figures = [...document.querySelectorAll("figure[data-video]")];
    return figures.length > 0 && figures.every((figure) => /^\d+$/.test(figure.dataset.boxes ?? ""));
  });
}

/** The frame of a video (as the API tells of it) that is on screen at scene time `time`. */
export async function frameAt(page, { id, start_s }, time) {
  const { times_s } = await ask(page, `/videos/${id}/frame-times`);
  return times_s.findLastIndex((start) => start <= time - start_s);
}

/** Wait until each video shows its frame of `frames` (video -> frame) and the boxes of that frame are known. */
export function showing(page, frames) {
  return page.waitForFunction((wanted) => {
    const figures = [...document.querySelectorAll("figure[data-video]")];
    const isThere = ({ dataset }) => dataset.frame === String(wanted[dataset.video]) && /^\d+$/.test(dataset.boxes ?? "");
    return figures.length > 0 && figures.every(isThere);
  }, frames);
}

/** Wait until every video stands and its frame number has stayed the same for a moment. */
export async function still(page) {
  await page.waitForFunction(
    ({ calm }) => {
      const videos = [...document.querySelectorAll("video")];
      const stand = videos.every((video) => video.paused && !video.seeking);
      const frames = [...document.querySelectorAll("figure[data-video]")].map(({ dataset }) => dataset.frame).join();
      const now = performance.now();
      if (!stand || window.lastFrames !== frames) {
        window.lastFrames = frames;
        window.calmSince = now;
      }
      return now - window.calmSince > calm;
    },
    { calm: CALM_MS },
  );
}

/** Wait until `holds` says so: for what only the server knows. */
export async function until(page, holds, what) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await page.waitForTimeout(50)) if (await holds()) return;
  throw new Error(`this did not come: ${what}`);
}

/** Wait until the server has every decision and edit of this tab. */
export function stored(page) {
  return page.waitForFunction(() =>
    Object.keys(sessionStorage)
      .filter((name) => /^crosstrack-(decisions|edits)-/.test(name))
      .every((name) => sessionStorage.getItem(name) === "[]"),
  );
}

/** Wait until another pair is on screen than `before`, or a dialog; one that offers cuts gets "same" alone. */
export async function movedOn(page, before) {
  await page.waitForFunction(
    (old) => document.querySelector("[data-pair]")?.dataset.pair !== old || document.querySelector("[role=dialog]"),
    before,
  );
  const asked = page.getByRole("dialog", { name: "One vehicle, followed twice for a moment?" });
  if ((await asked.count()) === 0) return;
  for (const box of await asked.getByRole("checkbox").all()) await box.uncheck();
  await asked.getByRole("button", { name: "Same alone" }).click();
  await asked.waitFor({ state: "hidden" });
}

/** Answer the pair on screen by a key; where "same" is met by an offer to hide a duplicate, it is different. */
export async function answer(page, key) {
  const before = await page.locator("[data-pair]").getAttribute("data-pair");
  await page.keyboard.press(key);
  const twice = page.getByRole("dialog", { name: "Two boxes on one vehicle?" });
  await movedOn(page, before);
  if ((await twice.count()) > 0) {
    await page.keyboard.press("Escape");
    await twice.waitFor({ state: "hidden" });
    await page.keyboard.press("d");
  }
  await stored(page);
}

export function check(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

export function picture(folder, name) {
  return join(folder, `${name}.png`);
}
