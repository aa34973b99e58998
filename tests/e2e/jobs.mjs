// A run started, one of its waiting jobs cancelled, then tried again, all by buttons; the run ends well.
import { ask, check, demoScene, openPage, picture, signIn, site, withBrowser } from "./browser.mjs";

const RUN_ENDS_MS = 240_000;

async function startRun(page, sceneId) {
  await page.goto(new URL(`/scenes/${sceneId}/runs`, page.url()).href);
  await page.getByRole("button", { name: "New run" }).click();
  await page.getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  return Number(page.url().split("/").at(-1));
}

async function matchJob(page, runId) {
  const { results } = await ask(page, `/jobs?run=${runId}`);
  const job = results.find(({ kind }) => kind === "match");
  check(job, "the run has no match job");
  return job.id;
}

const there = site();
await withBrowser(async (browser) => {
  const { page, problems } = await openPage(browser);
  await signIn(page, there, "manager");
  const scene = await demoScene(page);
  await startRun(page, scene.id); // goes before the next one, whose last job so surely waits when it is cancelled
  const runId = await startRun(page, scene.id);
  const jobId = await matchJob(page, runId);

  await page.goto(`${there.address}/jobs?run=${runId}`);
  const row = page.locator(`tr[data-job="${jobId}"]`);
  await page.getByRole("button", { name: `Cancel job ${jobId}` }).click();
  await page.locator(`tr[data-job="${jobId}"][data-state=cancelled]`).waitFor();
  await page.screenshot({ path: picture(there.folder, "job-cancelled") });

  await page.getByRole("button", { name: `Retry job ${jobId}` }).click();
  await page.waitForFunction((id) => {
    const state = document.querySelector(`tr[data-job="${id}"]`)?.dataset.state;
    return state === "queued" || state === "running" || state === "succeeded";
  }, jobId);

  await row.getByRole("button", { name: `Open job ${jobId}` }).click();
  await page.getByRole("dialog", { name: `Job ${jobId}` }).getByRole("region", { name: "Log" }).waitFor();
  await page.keyboard.press("Escape");

  await page.locator(`tr[data-job="${jobId}"][data-state=succeeded]`).waitFor({ timeout: RUN_ENDS_MS });
  const viewer = await openPage(browser);
  await signIn(viewer.page, there, "viewer", `/jobs?run=${runId}`);
  check(new URL(viewer.page.url()).searchParams.get("run") === String(runId), "signing in forgot the place");
  check(problems.length === 0, problems.join("\n"));
});
