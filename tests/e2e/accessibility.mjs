// Every page in light and dark at two widths: nothing that axe calls serious, nothing wider than the window, a picture.
import { axeSource, check, demoScene, openPage, picture, signIn, site, withBrowser } from "./browser.mjs";
import { firstCamera, pages, settled } from "./pages.mjs";

const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];

async function violations(page, axe) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0].target.join(" ")}, ${nodes.length} in all)`);
}

/** Name, address and what to wait for (or do) before a page is looked at. */
function pages(scene) {
  const heading = (name) => (page) => page.getByRole("heading", { name, level: 1 }).waitFor();
  const noSkeleton = (page) => page.waitForFunction(() => !document.querySelector(".mantine-Skeleton-root"));
  const images = (page) =>
    page.waitForFunction(() => {
      const inView = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight);
      return inView.length > 0 && inView.every(({ complete }) => complete);
    });
  const at = (path) => `/scenes/${scene.id}${path}`;
  return [
    ["scenes", "/scenes", heading("Scenes"), images],
    ["overview", at("?t=12"), picturesReady, past(10), images],
    ["overview-selected", at("?t=12"), picturesReady, past(10), selectFirst, images],
    ["review", at("/review"), pairShown, images],
    ["review-full-frames", at("/review"), pairShown, fullFrames, images],
    ["review-filters", at("/review"), pairShown, openFilters, images],
    ["one-against-many", at("/review?mode=many"), boardShown, markFirst, images],
    ["history", at("/history"), heading("History"), noSkeleton],
    ["identities", at("/identities"), heading("Identities"), images],
    ["identity", at("/identities"), heading("Identities"), openFirst, images],
    ["search", at("/search"), heading("Search"), noSkeleton],
    ["search-found", at("/search?identity=1"), resultsShown, images],
    ["timeline", at("/timeline"), heading("Space and time"), noSkeleton],
    ["timeline-selected", at("/timeline?identity=1"), identityShown, images],
    ["timeline-table", at("/timeline"), heading("Space and time"), noSkeleton, asTable],
    ["map", at("/map"), waysShown],
    ["map-selected", at("/map?identity=1"), waysShown, identityShown, images],
    ["videos", at("/videos"), heading("Videos"), videosListed],
    ["setup", at("/setup"), heading("Set-up"), noSkeleton, drawable],
    ["setup-drawn", at("/setup"), heading("Set-up"), noSkeleton, drawable, draw],
    ["setup-calibration", at("/setup?part=calibration"), heading("Set-up"), noSkeleton, drawable],
    ["setup-links", at("/setup?part=links"), heading("Set-up"), noSkeleton],
    ["run", at("/runs"), heading("Runs"), noSkeleton],
    ["training", at("/training"), heading("Training"), noSkeleton],
    ["jobs", "/jobs", heading("Jobs"), noSkeleton],
    ["job", "/jobs", heading("Jobs"), openJob],
    ["tokens", "/account/tokens", heading("Access tokens"), noSkeleton],
    ["keys", at(""), picturesReady, openKeys],
    ["palette", "/scenes", heading("Scenes"), openPalette],
    ["nothing", "/no-such-page", heading("Nothing here")],
  ];
}

/** Every camera shows a frame after number `frame`: the jump to the time in the address is over. */
function past(frame) {
  return (page) =>
    page.waitForFunction(
      (number) => [...document.querySelectorAll("figure[data-video]")].every(({ dataset }) => Number(dataset.frame) > number),
      frame,
    );
}

function pairShown(page) {
  return page.locator("[data-pair]").waitFor();
}

async function fullFrames(page) {
  await page.keyboard.press("f");
  await page.locator("[data-pair][data-full]").waitFor();
}

async function openFilters(page) {
  await page.getByRole("button", { name: "More filters" }).click();
  await page.getByRole("button", { name: "Show all pairs" }).waitFor();
}

function boardShown(page) {
  return page.locator("[data-board]").waitFor();
}

async function markFirst(page) {
  await page.keyboard.press("1");
  await page.locator("[data-mark]").first().waitFor();
}

function resultsShown(page) {
  return page.getByRole("list", { name: "Results, the most similar first" }).getByRole("button").first().waitFor();
}

function identityShown(page) {
  return page.getByRole("button", { name: "Close the identity" }).waitFor();
}

async function asTable(page) {
  await page.getByText("Table", { exact: true }).click();
  await page.getByRole("table").waitFor();
}

function waysShown(page) {
  return page.getByRole("status").filter({ hasText: /^\d+ ways?,/ }).waitFor();
}

function drawable(page) {
  return page.getByRole("group", { name: "Drawing over the picture" }).waitFor();
}

async function draw(page) {
  const add = page.getByRole("button", { name: "Add a corner" });
  for (const step of ["ArrowRight", "ArrowDown", "ArrowLeft"]) {
    await add.click();
    await page.keyboard.press(`Shift+${step}`);
  }
  await page.getByRole("button", { name: /^Corner 3 of new region/ }).waitFor();
}

function videosListed(page) {
  return page.getByRole("row").nth(1).waitFor();
}

async function selectFirst(page) {
  await page.getByRole("region", { name: "Identities" }).getByRole("button").first().click();
  await page.getByRole("button", { name: "Close the identity" }).waitFor();
}

async function openFirst(page) {
  await page.getByRole("link", { name: /^Identity \d+$/ }).first().click();
  await page.getByRole("button", { name: "Close the identity" }).waitFor();
}

async function openJob(page) {
  await page.getByRole("button", { name: /^Open job/ }).first().click();
  await page.getByRole("region", { name: "Log" }).waitFor();
}

async function openKeys(page) {
  await page.keyboard.press("Shift+Slash");
  await page.getByRole("dialog", { name: "Keys on this page" }).waitFor();
}

async function openPalette(page) {
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("What do you want to do?").waitFor();
}

/** Transitions are over: nothing moves, colours are final. */
function settled(page) {
  return page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
}

const there = site();
const axe = axeSource();
const wrong = [];

async function look(page, name, suffix) {
  await settled(page);
  await page.screenshot({ path: picture(there.folder, `${name}-${suffix}`) });
  wrong.push(...(await violations(page, axe)).map((text) => `${name} ${suffix}: ${text}`));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 0) wrong.push(`${name} ${suffix}: ${overflow} px wider than the window`);
}

await withBrowser(async (browser) => {
  for (const size of SIZES) {
    for (const scheme of ["dark", "light"]) {
      const suffix = `${size.width}-${scheme}`;
      const { page, problems, close } = await openPage(browser, { ...size, scheme });
      await page.goto(`${there.address}/scenes`);
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await look(page, "sign-in", suffix);
      await signIn(page, there, "manager");
      const scene = await demoScene(page);
      for (const [name, path, ...waits] of pages(scene, await firstCamera(page, scene))) {
        await page.goto(there.address + path);
        for (const wait of waits) await wait(page);
        await look(page, name, suffix);
      }
      wrong.push(...problems);
      await close();
    }
  }
});
check(wrong.length === 0, wrong.join("\n"));
