// Every page in light and dark at two widths: nothing that axe calls serious, nothing wider than the window. Pictures of
// what is wrong, and of everything with CROSSTRACK_SCREENSHOTS.
import { axeSource, check, demoScene, openPage, picture, signIn, site, withBrowser } from "./browser.mjs";
import { pages, settled, subjects } from "./pages.mjs";

const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];
const LOOKS = SIZES.flatMap((size) => ["dark", "light"].map((scheme) => ({ size, scheme })));
/** All that axe tells by colours: where only these change, nothing else can. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

const there = site();
const axe = axeSource();
const wrong = [];

async function violations(page, rules) {
  const options = { resultTypes: ["violations"], ...(rules ? { runOnly: { type: "rule", values: rules } } : {}) };
  const { violations: found } = await page.evaluate((wanted) => window.axe.run(document, wanted), options);
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0].target.join(" ")}, ${nodes.length} in all)`);
}

/** What is wrong with the page as it is, in a sentence each. */
async function faults(page, rules) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return [...(await violations(page, rules)), ...(overflow > 0 ? [`${overflow} px wider than the window`] : [])];
}

async function turn(page, { size, scheme }) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme });
  await page.waitForFunction((wanted) => document.documentElement.dataset.mantineColorScheme === wanted, scheme);
  await settled(page);
}

/** The page that is open, in each of `looks`: as it was loaded in the first, then as it follows the others. */
async function look(page, name, looks) {
  await page.evaluate(axe);
  const widths = new Set();
  for (const one of looks) {
    await turn(page, one);
    const found = await faults(page, widths.has(one.size.width) ? COLOUR_RULES : null);
    widths.add(one.size.width);
    const which = `${name}-${one.size.width}-${one.scheme}`;
    if (found.length > 0 || process.env.CROSSTRACK_SCREENSHOTS)
      await page.screenshot({ path: picture(there.folder, which) });
    wrong.push(...found.map((text) => `${which} ${text}`));
  }
}

await withBrowser(async (browser) => {
  const { page, problems } = await openPage(browser);
  await page.goto(`${there.address}/scenes`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await look(page, "sign-in", LOOKS);
  await signIn(page, there, "manager");
  const scene = await demoScene(page);
  for (const [index, [name, path, ...waits]] of pages(scene, await subjects(page, scene)).entries()) {
    // Each page is loaded in another look than the one before.
    const first = index % LOOKS.length;
    const looks = [...LOOKS.slice(first), ...LOOKS.slice(0, first)];
    await turn(page, looks[0]);
    await page.goto(there.address + path);
    for (const wait of waits) await wait(page);
    await look(page, name, looks);
  }
  wrong.push(...problems);
});
check(wrong.length === 0, wrong.join("\n"));
