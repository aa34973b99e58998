// A manager makes a scene and sends two videos; the browser is closed in the middle, and the file goes on from there.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, check, openPage, picture, signIn, site, withBrowser } from "./browser.mjs";

const FILM = new URL("../../fixtures/demo/S01/c001/vdo.mp4", import.meta.url);
const PIECE_BYTES = 8 * 1024 * 1024;
const SLOW = { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: 3_000_000 };

/** A film of several pieces: players pass over what comes after its end. */
function longFilm(folder) {
  const path = join(folder, "north_20260301_081500.mp4");
  const padding = Buffer.alloc(3 * PIECE_BYTES);
  padding.writeUInt32BE(padding.length, 0);
  padding.write("free", 4);
  writeFileSync(path, Buffer.concat([readFileSync(FILM), padding]));
  return path;
}

async function slowly(page) {
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", SLOW);
}

async function newScene(page) {
  await page.getByRole("button", { name: "New scene" }).click();
  await page.getByLabel("Name").fill("Uploaded");
  await page.getByRole("button", { name: "Make the scene" }).click();
  await page.waitForURL(/\/scenes\/\d+$/);
  return Number(page.url().split("/").at(-1));
}

const uploads = async (page, sceneId) => (await ask(page, `/scenes/${sceneId}/uploads`)).results;

const there = site();
await withBrowser(async (browser) => {
  const long = longFilm(there.folder);
  const first = await openPage(browser);
  await signIn(first.page, there, "manager");
  const sceneId = await newScene(first.page);
  const videos = `/scenes/${sceneId}/videos`;
  await first.page.goto(there.address + videos);
  await slowly(first.page);
  await first.page.getByLabel("Video files").setInputFiles([long]);
  check((await first.page.getByRole("combobox", { name: "Camera of north_20260301_081500.mp4" }).inputValue()) === "north", "no camera told");
  await first.page.getByRole("button", { name: "Send 1 file" }).click();
  await first.page.waitForFunction(() => {
    const bar = document.querySelector("tr[data-phase=sending] [role=progressbar]");
    return Number(bar?.getAttribute("aria-valuenow")) >= 40;
  });
  await first.page.screenshot({ path: picture(there.folder, "uploads-sending") });
  check(first.problems.length === 0, first.problems.join("\n"));
  await first.close();

  const { page, problems } = await openPage(browser, { scheme: "light" });
  await signIn(page, there, "manager", videos);
  const [before] = await uploads(page, sceneId);
  check(before.received >= PIECE_BYTES, `only ${before.received} bytes were kept`);
  await page.getByRole("region", { name: "Unfinished uploads" }).getByText("Choose the same file again").waitFor();
  await page.screenshot({ path: picture(there.folder, "uploads-unfinished") });
  await page.getByLabel("Video files").setInputFiles([long]);
  await page.getByRole("button", { name: "Send 1 file" }).click();
  await page.locator("tr[data-file='north_20260301_081500.mp4'][data-phase=sent]").waitFor();
  await page.getByRole("region", { name: "Files of this tab" }).getByText("taken in").waitFor();
  await page.locator("tr[data-video='north_20260301_081500.mp4'][data-state=ready]").waitFor();
  const all = await uploads(page, sceneId);
  check(all.length === 1 && all[0].id === before.id, "the file did not go on where it was");
  const { results } = await ask(page, `/scenes?limit=100`);
  const scene = results.find(({ id }) => id === sceneId);
  check(Date.parse(scene.starts_at) > 0, "the scene's clock was not set by the file's name");
  await page.screenshot({ path: picture(there.folder, "uploads-done") });

  await page.getByLabel("Video files").setInputFiles([long]);
  await page.getByRole("button", { name: "Send 1 file" }).click();
  await page.getByText("has this file already").waitFor();
  check(problems.length === 0, problems.join("\n"));
});
