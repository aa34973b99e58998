// The pages of the site and what opens on them, for the stories that look at each: accessibility and the pictures of the
// documentation.
import { ask, picturesReady } from "./browser.mjs";

/**
 * What addresses name: a scene's first camera, the identity (number) that most cameras saw, and an earlier run and a
 * training of the detector, if any.
 */
export async function subjects(page, scene) {
  const [{ id: camera }] = await ask(page, `/scenes/${scene.id}/cameras`);
  const query = "ordering=-camera_count&limit=1";
  const [{ number: identity }] = (await ask(page, `/runs/${scene.current_run.id}/identities?${query}`)).results;
  const before = (await ask(page, `/scenes/${scene.id}/runs`)).results.find(({ id }) => id < scene.current_run.id);
  const learned = (await ask(page, `/scenes/${scene.id}/trainings`)).results.find(({ trains }) => trains === "detector");
  return { camera, identity, before: before?.id, learned: learned?.id };
}

/** Every page and what opens on it: name, address and what to wait for (or do) before it is looked at. */
export function pages(scene, { camera, identity, before, learned }) {
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
    ["overview", at("?t=12"), past(10), picturesReady, images],
    ["overview-selected", at("?t=12"), past(10), picturesReady, selectFirst, images],
    ["camera", at(`/cameras/${camera}?t=6`), past(10), picturesReady, selectBox, images],
    ["review", at("/review"), pairShown, images],
    ["review-full-frames", at("/review"), pairShown, fullFrames, images],
    ["review-filters", at("/review"), pairShown, openFilters, images],
    ["one-against-many", at("/review?mode=many"), boardShown, markFirst, images],
    ["history", at("/history"), heading("History"), noSkeleton],
    ["hidden", at("/hidden"), heading("Hidden tracklets"), noSkeleton],
    ["identities", at("/identities"), heading("Identities"), images],
    ["identity", at("/identities"), heading("Identities"), openFirst, images],
    ["search", at("/search"), heading("Search"), noSkeleton],
    ["search-found", at(`/search?identity=${identity}`), resultsShown, images],
    ["timeline", at("/timeline"), heading("Space and time"), noSkeleton],
    ["timeline-selected", at(`/timeline?identity=${identity}`), identityShown, images],
    ["timeline-table", at("/timeline"), heading("Space and time"), noSkeleton, asTable],
    ["map", at("/map"), waysShown],
    ["map-selected", at(`/map?identity=${identity}`), waysShown, identityShown, images],
    ["videos", at("/videos"), heading("Videos"), videosListed],
    ["setup", at("/setup"), heading("Set-up"), noSkeleton, drawable],
    ["setup-drawn", at("/setup"), heading("Set-up"), noSkeleton, drawable, draw],
    ["setup-calibration", at("/setup?part=calibration"), heading("Set-up"), noSkeleton, drawable],
    ["setup-links", at("/setup?part=links"), heading("Set-up"), noSkeleton],
    ["setup-clocks", at("/setup?part=clocks"), heading("Set-up"), noSkeleton],
    ["setup-plan", at("/setup?part=plan"), heading("Set-up"), noSkeleton],
    ["run", at("/runs"), heading("Runs"), noSkeleton],
    ...(before ? [["run-comparison", at(`/runs?with=${before}`), heading("Runs"), noSkeleton, besideShown]] : []),
    ["labels", at("/labels"), heading("Labels"), labelsListed, noSkeleton],
    ["labels-new", at("/labels"), heading("Labels"), newLabelSet],
    ["training", at("/training"), heading("Training"), noSkeleton],
    ["training-detector", at(learned ? `/training/${learned}` : "/training?models=detector"), heading("Training"), noSkeleton],
    ["training-new", at("/training"), heading("Training"), newTraining],
    ["jobs", "/jobs", heading("Jobs"), noSkeleton],
    ["job", "/jobs", heading("Jobs"), openJob],
    ["tokens", "/account/tokens", heading("Access tokens"), noSkeleton],
    ["keys", at(""), picturesReady, openKeys],
    ["palette", "/scenes", heading("Scenes"), openPalette],
    ["nothing", "/no-such-page", heading("Nothing here")],
  ];
}

/** What a worker has to be waited for: for pictures alone. */
export function workedOut(scene) {
  return [["review-heat", `/scenes/${scene.id}/review`, pairShown, heatShown]];
}

/** Every camera shows a frame after number `frame`: the jump to the time in the address is over. */
function past(frame) {
  return (page) =>
    page.waitForFunction((number) => {
      const figures = [...document.querySelectorAll("figure[data-video]")];
      return figures.length > 0 && figures.every(({ dataset }) => Number(dataset.frame) > number);
    }, frame);
}

async function selectBox(page) {
  await page.keyboard.press("ArrowDown");
  await page.locator("figure[data-selected]").waitFor();
}

function pairShown(page) {
  return page.locator("[data-pair]").waitFor();
}

async function heatShown(page) {
  await page.keyboard.press("h");
  await page.locator("article canvas").nth(1).waitFor();
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

async function labelsListed(page) {
  await page.getByRole("heading", { name: "Exports" }).waitFor();
  await page.getByText("No label set yet").or(page.getByRole("region", { name: "Label sets" })).waitFor();
}

async function besideShown(page) {
  const region = page.getByRole("region", { name: /^Run \d+ beside run \d+$/ });
  await region.waitFor();
  await region.scrollIntoViewIfNeeded();
}

async function newLabelSet(page) {
  await page.getByRole("button", { name: "New label set" }).click();
  await page.getByRole("button", { name: "Keep what is confirmed now" }).waitFor();
}

async function newTraining(page) {
  await page.getByRole("button", { name: "New training" }).click();
  const dialog = page.getByRole("dialog", { name: "New training" });
  await dialog.getByRole("radio").or(dialog.getByRole("link", { name: "Make one" })).first().waitFor();
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
export function settled(page) {
  return page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
}
