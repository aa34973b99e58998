// The pictures of docs/pages.md, 1366 wide, of a demo site that runs: python -m tests.e2e.pictures ADDRESS USERS.json
// A few decisions are made for the pages that list them, and taken back at the end.
import { ask, check, demoScene, openPage, picture, signIn, site, withBrowser } from "./browser.mjs";
import { pages, settled, subjects } from "./pages.mjs";

const DARK = "scenes overview-selected camera review one-against-many search-found timeline-selected keys".split(" ");
const LIGHT = "history hidden identity map-selected videos setup setup-calibration setup-links run job tokens palette".split(" ");
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

const there = site();
await withBrowser(async (browser) => {
  const { page: desk } = await openPage(browser);
  await signIn(desk, there, "analyst");
  const scene = await demoScene(desk);
  const made = await decisions(desk, scene);
  try {
    for (const [scheme, names] of [["dark", DARK], ["light", LIGHT]]) {
      const { page, close } = await openPage(browser, { scheme });
      await signIn(page, there, "manager");
      const known = new Map(pages(scene, await subjects(page, scene)).map(([name, ...rest]) => [name, rest]));
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
