// An identity of several cameras: from the list of rows to its pictures, and from there to the moment on the videos.
import { ask, check, demoScene, openPage, picture, picturesReady, signIn, site, withBrowser } from "./browser.mjs";

async function picturesLoaded(page, within) {
  await page.waitForFunction((selector) => {
    const images = [...document.querySelectorAll(`${selector} img`)];
    return images.length > 0 && images.every((image) => image.complete && image.naturalWidth > 0);
  }, within);
}

const there = site();
await withBrowser(async (browser) => {
  const { page, problems } = await openPage(browser);
  await signIn(page, there, "viewer");
  const scene = await demoScene(page);
  const query = "min_cameras=2&ordering=-camera_count&limit=1";
  const [identity] = (await ask(page, `/runs/${scene.current_run.id}/identities?${query}`)).results;
  check(identity, "the run has no identity in two cameras or more");

  await page.goto(`${there.address}/scenes/${scene.id}/identities`);
  await page.getByRole("link", { name: `Identity ${identity.number}`, exact: true }).click();
  const panel = page.getByRole("region", { name: `Identity ${identity.number}` });
  await panel.waitFor();
  await panel.getByRole("region", { name: /^In / }).first().waitFor();
  const cameras = await panel.getByRole("region", { name: /^In / }).count();
  check(cameras === identity.camera_count, `${cameras} cameras are shown, the API has ${identity.camera_count}`);
  await picturesLoaded(page, "[role=dialog]");
  await page.screenshot({ path: picture(there.folder, "identity") });

  await panel.getByRole("button", { name: /^Watch in / }).last().click();
  await page.waitForURL(`**/scenes/${scene.id}?**`);
  await picturesReady(page);
  check(new URL(page.url()).searchParams.get("identity") === String(identity.number), "the identity is not selected");
  await page.waitForFunction((tracklets) => {
    const shown = [...document.querySelectorAll("figure[data-video]")].map(({ dataset }) => `${dataset.video} ${dataset.frame}`);
    return tracklets.some(({ video, first_frame }) => shown.includes(`${video} ${first_frame}`));
  }, identity.tracklets);
  await page.screenshot({ path: picture(there.folder, "identity-on-videos") });
  check(problems.length === 0, problems.join("\n"));
});
