// How fast the review page is in the browser: node tests/benchmarks/review_page.mjs ADDRESS USERS.json [REVIEWS]
// Prints, in milliseconds, from a visit by a browser that has nothing kept until the pair is there and until both its
// pictures are painted, from a reload until they are, and from a key until the next pair's are.
// What it decides (cannot tell) it takes back at the end.
import { mkdtempSync, readFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { ask, demoScene, openPage, signIn, withBrowser } from "../e2e/browser.mjs";

const [address, users, reviews = "20"] = process.argv.slice(2);
if (!address || !users) throw new Error("usage: node tests/benchmarks/review_page.mjs ADDRESS USERS.json [REVIEWS]");
const there = { address, passwords: JSON.parse(readFileSync(users, "utf8")), folder: mkdtempSync(join(tmpdir(), "review-")) };
const VISITS = 5;

/** Both large pictures of a pair other than `before` are there. */
function pairShown(page, before) {
  return page.waitForFunction(
    (old) => {
      const pair = document.querySelector("[data-pair]");
      const large = pair ? [...pair.querySelectorAll("article > div:first-of-type img")] : [];
      return pair?.dataset.pair !== old && large.length === 2 && large.every((one) => one.complete && one.naturalWidth > 0);
    },
    before,
    { polling: "raf" },
  );
}

/** Somebody signed in whose browser has kept nothing. */
async function firstVisit(browser, page, scene) {
  const storageState = await page.context().storageState();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, storageState });
  const visit = await context.newPage();
  await visit.goto(`${address}/scenes/${scene.id}/review`, { waitUntil: "commit" });
  await visit.waitForFunction(() => document.querySelector("[data-pair]"), null, { polling: "raf" });
  const pair = await visit.evaluate(() => performance.now());
  await pairShown(visit, null);
  const pictures = await visit.evaluate(() => performance.now());
  await context.close();
  return { pair, pictures };
}

/** Decisions on their way are stored, and the pictures of what comes next are fetched: a person looks that long. */
function lookedAt(page) {
  return page.waitForFunction(() => {
    const names = Object.keys(sessionStorage).filter((name) => name.startsWith("crosstrack-decisions-"));
    const stored = names.every((name) => sessionStorage.getItem(name) === "[]");
    return stored && [...document.querySelectorAll("aside img")].every(({ complete }) => complete);
  });
}

/** From now on the page notes for every space bar the time until the next pair's pictures have been painted. */
function noteLatencies(page) {
  return page.evaluate(() => {
    window.latencies = [];
    const look = (before, pressed) => {
      const pair = document.querySelector("[data-pair]");
      const large = pair ? [...pair.querySelectorAll("article > div:first-of-type img")] : [];
      const isThere = large.length === 2 && large.every((one) => one.complete && one.naturalWidth > 0);
      if (pair?.dataset.pair === before || !isThere) requestAnimationFrame(() => look(before, pressed));
      else requestAnimationFrame((painted) => window.latencies.push(painted - pressed));
    };
    const note = ({ key, timeStamp }) => {
      if (key === " ") look(document.querySelector("[data-pair]")?.dataset.pair, timeStamp);
    };
    document.addEventListener("keydown", note, { capture: true });
  });
}

function told(what, values) {
  const sorted = values.map(Math.round).sort((one, other) => one - other);
  console.log(`${what}: median ${sorted[Math.floor(sorted.length / 2)]} ms, worst ${sorted.at(-1)} ms of ${sorted.length}`);
}

await withBrowser(async (browser) => {
  const { page } = await openPage(browser);
  await signIn(page, there, "analyst");
  const scene = await demoScene(page);
  // A page whose clips play would take its share of the machine.
  await page.goto("about:blank");
  const first = [];
  for (let count = 0; count < VISITS; count++) first.push(await firstVisit(browser, page, scene));
  await page.goto(`${address}/scenes/${scene.id}/review`);
  await pairShown(page, null);
  const paints = [];
  for (let count = 0; count < VISITS; count++) {
    await page.reload();
    await pairShown(page, null);
    paints.push(await page.evaluate(() => performance.now()));
  }
  await noteLatencies(page);
  for (let count = 0; count < Number(reviews); count++) {
    await lookedAt(page);
    const before = await page.locator("[data-pair]").getAttribute("data-pair");
    await page.keyboard.press("Space");
    await pairShown(page, before);
  }
  await page.waitForFunction((wanted) => window.latencies.length >= wanted, Number(reviews));
  const latencies = await page.evaluate(() => window.latencies);
  for (let count = 0; count < Number(reviews); count++) {
    await lookedAt(page);
    await page.keyboard.press("z");
  }
  await lookedAt(page);
  const { decided } = await ask(page, `/scenes/${scene.id}/review`);
  console.log(`${scene.name}: load ${loadavg()[0].toFixed(1)}, ${decided} decisions stand afterwards`);
  told("pair and its reasons there on a first visit", first.map(({ pair }) => pair));
  told("its pictures painted too", first.map(({ pictures }) => pictures));
  told("pair painted after a reload", paints);
  told("next pair painted after a key", latencies);
});
