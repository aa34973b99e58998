// A tracklet is put right by keyboard alone: split, swapped, undone, reloaded, done again; each time the canvas shows
// what the server has, and what the page says is saved is there after a reload.
import { ask, check, demoScene, frameAt, openPage, picture, showing, signIn, site, withBrowser } from "./browser.mjs";

const there = site();
const START_S = 6;

function figure(page) {
  return page.locator("figure[data-video]");
}

/** Wait until every edit is stored and the boxes of the frame on screen are known. */
async function saved(page) {
  await page.waitForFunction(() => {
    const said = document.querySelector("aside [role=status]")?.textContent;
    return said === "All edits are saved." && /^\d+$/.test(document.querySelector("figure[data-video]")?.dataset.boxes ?? "");
  });
}

async function frameOnScreen(page) {
  return Number(await figure(page).getAttribute("data-frame"));
}

/** The server's tracklets of the video: number -> its spans, by the order of numbers. */
async function tracklets(page, run, video) {
  const { tracklets: rows } = await ask(page, `/runs/${run}/videos/${video}/tracklets`);
  return new Map(rows.map(({ number, spans }) => [number, JSON.stringify(spans)]).sort((a, b) => a[0] - b[0]));
}

/** The boxes of the frame on screen as the server has them are as many as the page shows. */
async function checkFrame(page, run, video, moment) {
  const frame = await frameOnScreen(page);
  const { tracklets: rows } = await ask(page, `/runs/${run}/tracks?video=${video}&first_frame=${frame}&last_frame=${frame}`);
  await page.waitForFunction(
    (count) => document.querySelector("figure[data-video]").dataset.boxes === String(count),
    rows.length,
  );
  check(rows.length > 1, `${moment}: fewer than two vehicles on frame ${frame}`);
  return rows;
}

/** Where the selected box is drawn, the canvas above has its outline. */
async function checkSelectedIsDrawn(page, box, moment) {
  const share = await page.evaluate(([x1, y1, x2, y2]) => {
    const video = document.querySelector("figure video").getBoundingClientRect();
    const canvas = document.querySelectorAll("figure canvas")[1];
    const area = canvas.getBoundingClientRect();
    const scale = video.width / document.querySelector("figure video").videoWidth;
    const context = canvas.getContext("2d");
    const at = (x, y) => context.getImageData(Math.round(video.left - area.left + x * scale), Math.round(video.top - area.top + y * scale), 1, 1).data[3];
    let drawn = 0;
    for (let step = 0; step < 20; step++) drawn += at(x1 + ((x2 - x1) * step) / 20, y2) > 0 && at(x1, y1 + ((y2 - y1) * step) / 20) > 0;
    return drawn / 20;
  }, box);
  check(share > 0.8, `${moment}: the selected box is not on the canvas (${share})`);
}

function same(a, b) {
  return JSON.stringify([...a]) === JSON.stringify([...b]);
}

/** One frame on, and wait until it is on screen with its boxes. */
async function step(page) {
  const video = await figure(page).getAttribute("data-video");
  const next = (await frameOnScreen(page)) + 1;
  await page.keyboard.press("ArrowRight");
  await showing(page, { [video]: next });
}

/** Press until the server's tracklets are no longer `before`; what they are then. */
async function changedBy(page, keys, run, video, before, what) {
  for (const key of keys) await page.keyboard.press(key);
  for (let look = 0; look < 300; look++) {
    await saved(page);
    const now = await tracklets(page, run, video);
    if (!same(now, before)) return now;
    await page.waitForTimeout(100);
  }
  throw new Error(`${what} changed nothing on the server`);
}

await withBrowser(async (browser) => {
  const { page, problems } = await openPage(browser);
  await signIn(page, there, "analyst");
  const scene = await demoScene(page);
  const run = scene.current_run.id;
  await page.goto(`${there.address}/scenes/${scene.id}?t=${START_S}`);
  await page.waitForFunction(() => /^\d+$/.test(document.querySelector("figure[data-video]")?.dataset.boxes ?? ""));
  await page.keyboard.press("1");
  await page.getByRole("button", { name: "Show all cameras" }).waitFor();
  await page.keyboard.press("e");
  await page.waitForURL("**/cameras/*");
  await figure(page).waitFor();
  const video = Number(await figure(page).getAttribute("data-video"));
  const cameras = await ask(page, `/scenes/${scene.id}/cameras`);
  const start = { [video]: await frameAt(page, cameras.flatMap(({ videos }) => videos).find(({ id }) => id === video), START_S) };
  await showing(page, start);
  await saved(page);
  const before = await tracklets(page, run, video);

  // To a frame with three vehicles or more in the middle of their tracklets, select one, split it here.
  await checkFrame(page, run, video, "at the start");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector("figure[data-video]").dataset.selected);
  await step(page);
  const split = await changedBy(page, ["s"], run, video, before, "the split");
  check(split.size === before.size + 1, `a split made ${split.size - before.size} tracklets`);
  await page.screenshot({ path: picture(there.folder, "tracks-split") });

  // The selected part swaps with the nearest other one from the next frame on.
  await step(page);
  const swapped = await changedBy(page, ["x", "1"], run, video, split, "the swap");
  check(swapped.size === split.size, "a swap changed how many there are");
  const shown = await checkFrame(page, run, video, "after the swap");
  const number = Number(await figure(page).getAttribute("data-selected"));
  const selected = shown.find((row) => row.number === number);
  check(selected, `the selected T${number} is not on the frame after the swap`);
  await checkSelectedIsDrawn(page, selected.boxes[0], "after the swap");

  const unswapped = await changedBy(page, ["Control+z"], run, video, swapped, "undoing the swap");
  check(same(unswapped, split), "undoing the swap did not lead back to the split");
  const whole = await changedBy(page, ["Control+z"], run, video, unswapped, "undoing the split");
  check(same(whole, before), "undoing the split did not lead back to the start");

  await page.reload();
  await showing(page, start);
  await saved(page);
  await checkFrame(page, run, video, "after the reload");
  await page.locator("button[aria-disabled=false]", { hasText: "Redo" }).waitFor();
  const again = await changedBy(page, ["Control+Shift+z"], run, video, whole, "redoing the split");
  check(same(again, split), "redo did not bring the split back");
  const all = await changedBy(page, ["Control+Shift+z"], run, video, again, "redoing the swap");
  check(same(all, swapped), "redo did not bring the swap back");
  await checkFrame(page, run, video, "after redo");
  await page.screenshot({ path: picture(there.folder, "tracks-redone") });

  // Leave the scene as it was found.
  const back = await changedBy(page, ["Control+z"], run, video, all, "undoing again");
  const found = await changedBy(page, ["Control+z"], run, video, back, "undoing again");
  check(same(found, before), "the tracklets are not what they were at the start");

  await page.keyboard.press("Shift+Slash");
  const sheet = page.getByRole("dialog", { name: "Keys on this page" });
  await sheet.getByText("Split here: this frame begins a new tracklet").waitFor();
  check(problems.length === 0, problems.join("\n"));
});
