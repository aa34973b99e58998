// Every page in light and dark at two widths: nothing that axe calls serious, nothing wider than the window, a picture.
import { axeSource, check, demoScene, openPage, picture, signIn, site, withBrowser } from "./browser.mjs";
import { pages, settled, subjects } from "./pages.mjs";

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
      for (const [name, path, ...waits] of pages(scene, await subjects(page, scene))) {
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
