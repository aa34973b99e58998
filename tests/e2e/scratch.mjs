// A new manager's way from an empty scene to a promoted model, with nothing but the browser and four videos:
//   node tests/e2e/scratch.mjs ADDRESS USERS.json FOLDER VIDEOS [wide]
// VIDEOS is what `python -m tests.e2e.scratch` wrote. The site is one on this machine that starts its web server anew when
// that is killed, as `manage.py demo` does. What each part took is printed; `wide` takes each picture 1920 wide too.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answer, ask, check, openPage, picture, signIn, site, until, withBrowser } from "./browser.mjs";

const there = site();
const [videos, wide] = process.argv.slice(5);
const plan = JSON.parse(readFileSync(join(videos, "plan.json"), "utf8"));
const PIECE_BYTES = 8 * 1024 * 1024;
const LINE = { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: -1 };
const BYTES_PER_S = 1_500_000; // until the server was killed: there must be time for it, on a busy machine too
const [FEWEST, MOST] = [20, 800]; // pairs
const WORK_MS = 1_200_000; // a run or a training of whole videos
const PERSON = { name: `new-manager-${Date.now() % 1e6}`, password: "from-scratch-1f9" };

let noted = performance.now();

function tell(what) {
  const now = performance.now();
  console.log(`${what}: ${((now - noted) / 1000).toFixed(1)} s`);
  noted = now;
}

async function shot(page, name) {
  await page.screenshot({ path: picture(there.folder, `scratch-${name}`) });
  if (!wide) return;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.waitForTimeout(300);
  await page.screenshot({ path: picture(there.folder, `scratch-${name}-wide`) });
  await page.setViewportSize({ width: 1366, height: 768 });
}

/** An administrator makes an account for somebody who manages. */
async function newPerson(page) {
  await page.goto(`${there.address}/admin/accounts/user/add/`);
  await page.locator("input[name=username]").fill("admin");
  await page.locator("input[name=password]").fill(there.passwords.admin);
  await page.locator("[type=submit]").click();
  await page.locator("input[name=password1]").fill(PERSON.password);
  await page.locator("input[name=password2]").fill(PERSON.password);
  await page.locator("input[name=username]").fill(PERSON.name);
  await page.locator("select[name=role]").selectOption("manager");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("was added successfully").waitFor();
}

async function newScene(page) {
  await page.getByRole("heading", { name: "No scenes yet" }).waitFor();
  await shot(page, "empty");
  await page.getByRole("button", { name: "New scene" }).click();
  await page.getByLabel("Name").fill("From scratch");
  await page.getByLabel("Time zone").fill("UTC");
  await page.getByRole("button", { name: "Make the scene" }).click();
  await page.waitForURL(/\/scenes\/\d+$/);
  await shot(page, "scene");
  await page.getByRole("main").getByRole("link", { name: "Videos" }).click();
  await page.getByRole("heading", { name: "Videos" }).waitFor();
  return Number(/\d+$/.exec(new URL(page.url()).pathname.replace("/videos", ""))[0]);
}

/** All four at once; the server is killed while the long one is under way, and the page goes on by itself. */
async function upload(page, sceneId) {
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", { ...LINE, uploadThroughput: BYTES_PER_S });
  await page.getByLabel("Video files").setInputFiles(plan.files.map(({ name }) => join(videos, name)));
  await shot(page, "chosen");
  await page.getByRole("button", { name: "Send 4 files" }).click();
  const mine = async () => {
    const { results } = await ask(page, `/scenes/${sceneId}/uploads`);
    return results.filter(({ file_name: name }) => name === plan.interrupted);
  };
  await until(page, async () => (await mine())[0]?.received >= PIECE_BYTES, "the first piece of the long file");
  const [before] = await mine();
  check(before.state === "receiving", "the long file was sent before the server could be killed");
  console.log(execFileSync(process.env.PYTHON ?? "python", ["-m", "tests.e2e.killing", there.address]).toString().trim());
  await shot(page, "server-killed");
  await line.send("Network.emulateNetworkConditions", LINE);
  await page.locator(`tr[data-file="${plan.interrupted}"][data-phase=sent]`).waitFor();
  const all = await mine();
  check(all.length === 1 && all[0].id === before.id, "the file did not go on where it was");
  for (const { name } of plan.files) await page.locator(`tr[data-video="${name}"][data-state=ready]`).waitFor();
  await line.detach();
  await shot(page, "uploaded");
  await page.getByRole("button", { name: "Take 4 sent files off the list" }).click();
  await page.getByRole("region", { name: "Files of this tab" }).waitFor({ state: "detached" });
}

/** What no file's name said. */
async function startTimes(page, sceneId) {
  for (const { name, start_s } of plan.files.filter(({ start_s }) => start_s !== null)) {
    const field = page.getByLabel(`Scene time of the first frame of ${name}, seconds`);
    await field.fill(String(start_s));
    await field.press("Enter");
    await page.locator(`tr[data-video="${name}"]`).getByText("stated").waitFor();
  }
  await shot(page, "times");
  return ask(page, `/scenes/${sceneId}/cameras`);
}

async function clickPicture(page, [u, v]) {
  const { x, y, width, height } = await page.getByRole("group", { name: "Drawing over the picture" }).boundingBox();
  const video = await page.locator("video").evaluate(({ videoWidth, videoHeight }) => [videoWidth, videoHeight]);
  await page.mouse.click(x + (u / video[0]) * width, y + (v / video[1]) * height);
}

async function region(page) {
  await page.getByText("No region: vehicles count everywhere.").waitFor();
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  for (const corner of plan.region) await clickPicture(page, corner);
  await page.keyboard.press("c");
  await shot(page, "region");
  await page.getByRole("button", { name: /^Save the region/ }).click();
  await page.getByRole("button", { name: /c001.*region/ }).waitFor();
}

async function calibration(page) {
  await page.getByText("Calibration", { exact: true }).first().click();
  await page.getByText("Not calibrated").waitFor();
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  for (const [place, { pixel, place: ground }] of plan.points.entries()) {
    await clickPicture(page, pixel);
    await page.getByLabel(`x, m east of point ${place + 1}`).fill(String(ground[0]));
    await page.getByLabel(`y, m north of point ${place + 1}`).fill(String(ground[1]));
  }
  const save = page.getByRole("button", { name: /^Save the calibration/ });
  await save.and(page.locator("[aria-disabled=false]")).waitFor();
  await shot(page, "calibration");
  await save.click();
  await page.getByRole("button", { name: /c001.*calibrated/ }).waitFor();
}

async function links(page) {
  await page.getByText("Camera links", { exact: true }).click();
  for (const { source, target, min_s, max_s } of plan.links) {
    for (const [label, name] of [["From camera", source], ["To camera", target]]) {
      await page.getByRole("combobox", { name: label }).click();
      await page.getByRole("option", { name }).click();
    }
    await page.getByRole("button", { name: "Add the link" }).click();
    await page.getByLabel(`Shortest time from ${source} to ${target}, seconds`).fill(String(min_s));
    await page.getByLabel(`Longest time from ${source} to ${target}, seconds`).fill(String(max_s));
  }
  await shot(page, "links");
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "Drop my changes" }).waitFor({ state: "detached" });
}

/** The run that the page shows, once it has ended well. */
async function finished(page) {
  const heading = page.locator("h2", { hasText: /^Run \d+$/ }).locator("..");
  await heading.locator("[data-state=succeeded]").waitFor({ timeout: WORK_MS });
  await heading.getByText("shown in this scene").waitFor();
  return Number(new URL(page.url()).pathname.split("/").at(-1));
}

async function run(page) {
  await page.getByRole("button", { name: /^New run/ }).click();
  await page.getByRole("radio", { name: /CPU/ }).first().waitFor();
  await shot(page, "new-run");
  await page.getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  await page.locator("td a[data-stage=detect][data-state=running]").first().waitFor();
  await shot(page, "running");
  const runId = await finished(page);
  await shot(page, "run");
  return runId;
}

/** Tracklet id -> the vehicle that most of its boxes lie on; null on none. */
async function vehicles(page, runId, cameras) {
  const found = new Map();
  for (const { name, videos: [{ id, frame_count: count }] } of cameras) {
    const truth = plan.truth[name];
    const { tracklets } = await ask(page, `/runs/${runId}/tracks?video=${id}&first_frame=0&last_frame=${count - 1}`);
    for (const { id: tracklet, frames, boxes } of tracklets) {
      const votes = new Map();
      for (const [at, frame] of frames.entries()) {
        const vehicle = nearest(truth[frame] ?? [], boxes[at]);
        votes.set(vehicle, (votes.get(vehicle) ?? 0) + 1);
      }
      found.set(tracklet, [...votes].toSorted(([, one], [, other]) => other - one)[0][0]);
    }
  }
  return found;
}

function nearest(truth, box) {
  const overlaps = truth.map(([vehicle, ...corners]) => [vehicle, overlap(corners, box)]);
  const best = overlaps.toSorted(([, one], [, other]) => other - one)[0];
  return best && best[1] >= 0.4 ? best[0] : null;
}

/** Intersection over union. */
function overlap(one, other) {
  const side = (axis) => Math.max(0, Math.min(one[axis + 2], other[axis + 2]) - Math.max(one[axis], other[axis]));
  const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  const shared = side(0) * side(1);
  return shared / (area(one) + area(other) - shared);
}

/** Answers pair by pair until the page says that it is enough. */
async function review(page, seen) {
  let given = 0;
  const stop = page.locator("aside [role=note]");
  for (; given < MOST; given++) {
    await page.locator("[data-pair]").or(page.getByText(/Everything is decided/)).first().waitFor();
    if (given === 0) await shot(page, "review");
    if ((await stop.count()) > 0 || (await page.locator("[data-pair]").count()) === 0) break;
    const [left, right] = (await page.locator("[data-pair]").getAttribute("data-pair")).split(/\D+/).map((id) => seen.get(Number(id)));
    await answer(page, left === right && left !== null ? "s" : "d");
  }
  check(given >= FEWEST, `the queue stopped after ${given} pairs`);
  check(given < MOST, `the queue did not advise to stop in ${MOST} pairs`);
  await shot(page, "review-stop");
  return given;
}

async function labelSet(page) {
  await page.getByRole("button", { name: /^New label set/ }).click();
  await page.getByLabel("Name").fill("the first day");
  await shot(page, "new-label-set");
  await page.getByRole("button", { name: "Keep what is confirmed now" }).click();
  await page.locator("tr[data-set='1']").waitFor();
  await shot(page, "labels");
}

async function training(page) {
  await page.getByRole("dialog", { name: "New training" }).locator("input[type=radio][value=scene]").check();
  await shot(page, "new-training");
  await page.getByRole("button", { name: /^Start the training/ }).click();
  await page.waitForURL(/\/training\/\d+$/);
  const view = page.getByRole("article").filter({ has: page.getByRole("heading", { name: "Training 1" }) });
  await view.locator("[data-state=succeeded]").waitFor({ timeout: WORK_MS });
  const curves = await view.locator("figure svg[role=img]").evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
  check(curves.length > 0 && curves.every((label) => !label.endsWith("nothing yet")), `curves: ${curves.join("; ")}`);
  await page.getByRole("article", { name: "Embedding 2" }).waitFor();
  await shot(page, "trained");
}

async function compare(page) {
  const model = page.getByRole("article", { name: "Embedding 2" });
  await model.getByRole("button", { name: "Compare with the active one" }).click();
  await model.getByRole("table").waitFor({ timeout: WORK_MS });
  const rows = await model.getByRole("rowheader").allTextContents();
  check(rows.join() === "mAP,rank-1,IDF1", `compared are ${rows.join(", ")}`);
  await model.scrollIntoViewIfNeeded();
  await shot(page, "compared");
}

async function decisions(page, sceneId) {
  const all = [];
  for (let next = `/scenes/${sceneId}/verdicts?limit=200`; next; ) {
    const answer = await ask(page, next);
    all.push(...answer.results);
    next = answer.next && nextOf(answer.next);
  }
  return all.map(({ id, verdict }) => `${id} ${verdict}`).sort();
}

/** The address of the next page as `ask` takes it. */
function nextOf(address) {
  const { pathname, search } = new URL(address, there.address);
  return pathname.replace("/api/v1", "") + search;
}

async function promote(page, sceneId) {
  const kept = await decisions(page, sceneId);
  await page.getByRole("article", { name: "Embedding 2" }).getByRole("button", { name: "Promote" }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  const runId = await finished(page);
  await shot(page, "promoted");
  check((await decisions(page, sceneId)).join() === kept.join(), "the new run has other decisions");
  const { results: lost } = await ask(page, `/scenes/${sceneId}/verdicts?dangling=true&limit=200`);
  check(lost.length === 0, `${lost.length} decisions found no counterpart in the new run`);
  return { runId, kept: kept.length };
}

/** A page itself leads on to what comes next. */
async function follow(page, link, path) {
  await page.getByRole("main").getByRole("link", { name: link }).click();
  await page.waitForURL((url) => url.pathname.endsWith(path));
}

await withBrowser(async (browser) => {
  const office = await openPage(browser);
  await newPerson(office.page);
  await office.close();
  tell("an account");
  const { page, problems } = await openPage(browser);
  await signIn(page, { ...there, passwords: { [PERSON.name]: PERSON.password } }, PERSON.name);
  const sceneId = await newScene(page);
  tell("a scene");
  await upload(page, sceneId);
  const cameras = await startTimes(page, sceneId);
  tell("four videos");
  await follow(page, "set up the cameras", "/setup");
  await region(page);
  await calibration(page);
  await links(page);
  tell("region, calibration, links");
  await follow(page, "to the runs", "/runs");
  const runId = await run(page);
  tell("a run");
  const seen = await vehicles(page, runId, cameras);
  await follow(page, "Review its pairs", "/review");
  const given = await review(page, seen);
  tell(`${given} decisions`);
  await follow(page, /^Keep /, "/labels");
  await labelSet(page);
  tell("a label set");
  await follow(page, "Train on set 1", "/training");
  await training(page);
  tell("a training");
  await compare(page);
  tell("a comparison");
  const { kept } = await promote(page, sceneId);
  check(kept === given, `${kept} of ${given} decisions are kept`);
  tell("promoted, and a run by it");
  check(problems.length === 0, problems.join("\n"));
});
