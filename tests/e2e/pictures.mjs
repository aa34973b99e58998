// The pictures of docs/pages.md, 1366 wide, of a demo site that runs: python -m tests.e2e.pictures ADDRESS USERS.json
// [NAME ...] (all, or these).
// A few decisions are made for the pages that list them, and taken back at the end. Where the site has no label set yet,
// one is made, a training of it and two more runs: those stay.
import { ask, check, demoScene, openPage, picture, signIn, site, withBrowser } from "./browser.mjs";
import { pages, settled, subjects, workedOut } from "./pages.mjs";

const DARK = "scenes overview-selected camera review review-heat one-against-many search-found timeline-selected keys".split(" ");
const LIGHT = (
  "history hidden identity map-selected videos setup setup-calibration setup-links run run-comparison labels training job tokens palette"
).split(" ");
/** Vehicles that the label set is of. */
const CONFIRMED = 8;
const WORK_MS = 1_200_000;
const ANSWERS = ["same", "different", "cannot_tell"];

async function post(page, path, data) {
  const { csrf_token } = await ask(page, "/session");
  const headers = { "X-CSRFToken": csrf_token, Referer: page.url() };
  const answer = await page.request.post(new URL(`/api/v1${path}`, page.url()).href, { data, headers });
  check(answer.ok(), `POST ${path} answered ${answer.status()}: ${await answer.text()}`);
  return answer.json();
}

/** Three verdicts, a hidden tracklet and a duplicate: what was done, the last first. */
async function decisions(page, scene) {
  const done = [];
  const { pairs } = await post(page, `/scenes/${scene.id}/review/lease`, { limit: ANSWERS.length });
  for (const [index, { left, right }] of pairs.entries()) {
    const body = { left: left.id, right: right.id, verdict: ANSWERS[index], confidence: 3 };
    done.unshift(await post(page, `/scenes/${scene.id}/verdicts`, body));
  }
  const run = scene.current_run.id;
  const [{ videos }] = await ask(page, `/scenes/${scene.id}/cameras`);
  const { tracklets } = await ask(page, `/runs/${run}/videos/${videos[0].id}/tracklets`);
  const [one, other, third] = tracklets.filter(({ picture: url }) => url).slice(-3).map(({ id }) => id);
  for (const edit of [{ op: "hide", tracklet: one }, { op: "duplicate", tracklet: other, of: third }])
    done.unshift(await post(page, `/scenes/${scene.id}/edits`, { run, edits: [edit] }));
  return done.map(({ operation }) => operation.id);
}

/** Ask for `path` until the answer is as `holds` says. */
async function worked(page, path, holds) {
  for (const end = Date.now() + WORK_MS; Date.now() < end; await page.waitForTimeout(1000)) {
    const answer = await ask(page, path);
    if (holds(answer)) return;
  }
  throw new Error(`${path} does not get ready`);
}

/** A run of another preset and the first one's again, whose stages are kept; the scene shows the newest. */
async function runs(page, scene, presets) {
  for (const preset of presets) {
    const { id } = await post(page, `/scenes/${scene.id}/runs`, { preset });
    await worked(page, `/runs/${id}`, ({ state }) => state === "succeeded");
  }
}

/** A label set of vehicles that were confirmed for it, and a training of it. */
async function trained(page, scene) {
  const run = scene.current_run.id;
  const { results } = await ask(page, `/runs/${run}/identities?min_cameras=2&ordering=-camera_count&limit=${CONFIRMED}`);
  const confirmed = [];
  for (const { number } of results) confirmed.unshift(await post(page, `/scenes/${scene.id}/identities/confirm`, { run, number }));
  const { id } = await post(page, `/scenes/${scene.id}/label-sets`, { name: "the first day" });
  for (const { operation } of confirmed) await post(page, `/operations/${operation.id}/undo`);
  const { name: recipe } = (await ask(page, "/training-recipes")).find(({ trains }) => trains === "embedding");
  const training = await post(page, `/scenes/${scene.id}/trainings`, { label_set: id, recipe, minutes: 30 });
  await worked(page, `/trainings/${training.id}`, ({ state }) => state === "succeeded");
}

const there = site();
const asked = process.argv.slice(5);
const wanted = (name) => asked.length === 0 || asked.includes(name);
await withBrowser(async (browser) => {
  const { page: desk } = await openPage(browser);
  await signIn(desk, there, "analyst");
  const found = await demoScene(desk);
  if ((await ask(desk, `/scenes/${found.id}/label-sets`)).results.length === 0) {
    const { page: office, close } = await openPage(browser);
    await signIn(office, there, "manager");
    await trained(office, found);
    await runs(office, found, ["cpu-close", "cpu-light"]);
    await close();
  }
  const scene = await demoScene(desk);
  const made = await decisions(desk, scene);
  try {
    for (const [scheme, all] of [["dark", DARK], ["light", LIGHT]]) {
      const names = all.filter(wanted);
      const { page, close } = await openPage(browser, { scheme });
      await signIn(page, there, "manager");
      const known = new Map(
        [...pages(scene, await subjects(page, scene)), ...workedOut(scene)].map(([name, ...rest]) => [name, rest]),
      );
      for (const name of names) {
        const [path, ...waits] = known.get(name);
        await page.goto(there.address + path);
        for (const wait of waits) await wait(page);
        await page.waitForFunction(() => [...document.images].every(({ complete, loading }) => complete || loading === "lazy"));
        await page.waitForLoadState("networkidle");
        await settled(page);
        await page.screenshot({ path: picture(there.folder, name) });
      }
      await close();
    }
  } finally {
    for (const operation of made) await post(desk, `/operations/${operation}/undo`);
  }
});
