// Without a mouse: the keys of the ? sheet work, Tab reaches what can be done, and what has the focus can be seen.
import { check, demoScene, openPage, picturesReady, signIn, site, still, withBrowser } from "./browser.mjs";

const there = site();

async function frames(page) {
  return page.$$eval("figure[data-video]", (figures) => figures.map(({ dataset }) => Number(dataset.frame)));
}

/** Tab until `accessible name` has the focus; what had it on the way. */
async function tabTo(page, name, most = 60) {
  const passed = [];
  for (let press = 0; press < most; press++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const outlined = style.outlineStyle !== "none" || getComputedStyle(element, "::after").outlineStyle !== "none";
      return { name: element.getAttribute("aria-label") ?? element.textContent.trim(), outlined };
    });
    passed.push(focused);
    if (focused.name === name) return passed;
  }
  throw new Error(`Tab does not reach “${name}”: ${passed.map((one) => one.name).join(", ")}`);
}

await withBrowser(async (browser) => {
  const { page, problems } = await openPage(browser);
  await signIn(page, there, "analyst");
  const scene = await demoScene(page);
  await page.goto(`${there.address}/scenes/${scene.id}?t=5`);
  await picturesReady(page);
  await page.waitForFunction(() => Number(document.querySelector("figure[data-video]").dataset.frame) > 0);

  const passed = await tabTo(page, "Play (Space)");
  const unseen = passed.filter(({ outlined }) => !outlined).map(({ name }) => name);
  check(unseen.length === 0, `the focus cannot be seen on: ${unseen.join(", ")}`);
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause (Space)" }).waitFor();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Play (Space)" }).waitFor();

  await page.evaluate(() => document.activeElement.blur());
  await still(page);
  const [before] = await frames(page);
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((frame) => Number(document.querySelector("figure[data-video]").dataset.frame) === frame + 1, before);
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction((frame) => Number(document.querySelector("figure[data-video]").dataset.frame) === frame, before);

  await page.keyboard.press("2");
  await page.getByRole("button", { name: "Show all cameras" }).waitFor();
  check((await page.locator("figure[data-video]").count()) === 1, "key 2 does not enlarge one camera");
  await page.keyboard.press("0");
  await page.waitForFunction(() => document.querySelectorAll("figure[data-video]").length > 1);

  for (const [keys, path] of [
    ["gi", `/scenes/${scene.id}/identities`],
    ["gr", `/scenes/${scene.id}/runs`],
    ["gj", "/jobs"],
    ["gs", "/scenes"],
  ]) {
    for (const key of keys) await page.keyboard.press(key);
    await page.waitForURL((url) => url.pathname === path);
  }

  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("What do you want to do?").fill("access tok");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/account/tokens");
  await page.getByPlaceholder("What do you want to do?").waitFor({ state: "hidden" });

  await page.keyboard.press("Shift+Slash");
  const sheet = page.getByRole("dialog", { name: "Keys on this page" });
  await sheet.waitFor();
  check((await sheet.getByText("Find an action").count()) === 1, "the ? sheet does not list the palette");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  check(problems.length === 0, problems.join("\n"));
});
