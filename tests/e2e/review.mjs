// Review by keyboard alone: from sign-in through ten verdicts, an undo, a lost connection, an ended session, a reload and
// the history. How long the next pair takes is printed. What was decided is taken back at the end.
import { ask, axeSource, check, demoScene, movedOn, openPage, picture, site, until, withBrowser } from "./browser.mjs";

const there = site();
const ANSWERS = ["s", "d", "Space", "s", "d", "s", "Space", "d", "s", "d"];
const WORDS = { s: "same", d: "different", Space: "cannot_tell" };

/** Sign in without a mouse: the name has the focus, Tab leads to the password, Enter sends. */
async function signInByKeys(page, user) {
  await page.getByLabel("Name").focus();
  await page.keyboard.type(user);
  await page.keyboard.press("Tab");
  await page.keyboard.type(there.passwords[user]);
  await page.keyboard.press("Enter");
}

const pairOnScreen = (page) => page.locator("[data-pair]").getAttribute("data-pair");

/** Both large pictures of a pair other than `before` are on screen. */
function pairShown(page, before) {
  return page.waitForFunction((old) => {
    const pair = document.querySelector("[data-pair]");
    const large = pair ? [...pair.querySelectorAll("article > div:first-of-type img")] : [];
    return pair?.dataset.pair !== old && large.length === 2 && large.every((one) => one.complete && one.naturalWidth > 0);
  }, before);
}

/** From now on the page measures, for every key, the time until the next pair's pictures have been painted. */
function measureLatency(page) {
  return page.evaluate(() => {
    window.latencies = [];
    document.addEventListener(
      "keydown",
      ({ key, timeStamp }) => {
        if (!["s", "d", " "].includes(key)) return;
        const before = document.querySelector("[data-pair]")?.dataset.pair;
        const look = () => {
          const pair = document.querySelector("[data-pair]");
          const large = pair ? [...pair.querySelectorAll("article > div:first-of-type img")] : [];
          const isThere = large.length === 2 && large.every((one) => one.complete && one.naturalWidth > 0);
          if (pair?.dataset.pair === before || !isThere) {
            if (performance.now() - timeStamp < 5000) requestAnimationFrame(look);
          } else requestAnimationFrame((painted) => window.latencies.push(painted - timeStamp));
        };
        requestAnimationFrame(look);
      },
      { capture: true },
    );
  });
}

function allStored(page) {
  return page.waitForFunction(() =>
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith("crosstrack-decisions-"))
      .every((name) => sessionStorage.getItem(name) === "[]"),
  );
}

/** In milliseconds, smallest first, as a report: under load a figure is no verdict. */
function report(latencies) {
  const sorted = latencies.map((value) => Math.round(value)).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(`next pair on screen after a key: median ${median} ms, worst ${sorted.at(-1)} ms of ${sorted.length}`);
}

/** The pace of a person who looks: what was decided is stored, and the pictures of what comes next are there. */
async function lookedAt(page) {
  await allStored(page);
  await page.waitForFunction(() => [...document.querySelectorAll("aside img")].every(({ complete }) => complete));
}

async function operations(page, scene) {
  return (await ask(page, `/scenes/${scene.id}/operations?limit=50`)).results;
}

async function serious(page) {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
  await page.evaluate(axeSource());
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id} ${nodes[0].target}`);
}

await withBrowser(async (browser) => {
  const { page, problems } = await openPage(browser);
  await page.goto(`${there.address}/scenes`);
  await signInByKeys(page, "analyst");
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  const scene = await demoScene(page);
  const stood = (await ask(page, `/scenes/${scene.id}/review`)).decided;
  const [latest] = await operations(page, scene);
  const already = latest?.number ?? 0;
  await page.goto(`${there.address}/scenes/${scene.id}`);
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("v");
  await page.waitForURL(`**/scenes/${scene.id}/review`);
  await pairShown(page, null);
  await page.screenshot({ path: picture(there.folder, "review") });

  await measureLatency(page);
  for (const [index, key] of ANSWERS.entries()) {
    const before = await pairOnScreen(page);
    if (index === 0) await page.keyboard.press("3");
    await page.keyboard.press(key);
    await movedOn(page, before);
    await pairShown(page, before);
    await lookedAt(page);
  }
  await page.waitForFunction((count) => window.latencies.length >= count, ANSWERS.length);
  await allStored(page);
  const latencies = await page.evaluate(() => window.latencies);
  report(latencies);
  const decided = (await operations(page, scene)).filter(({ number }) => number > already);
  check(decided.length === ANSWERS.length, `${decided.length} of ${ANSWERS.length} decisions are stored`);
  const said = decided.slice(0, ANSWERS.length).map(({ verdicts }) => verdicts[0].verdict).reverse();
  check(said.join() === ANSWERS.map((key) => WORDS[key]).join(), `stored as ${said.join()}`);
  check(decided[ANSWERS.length - 1].verdicts[0].confidence === 3, "how sure the person was is not stored");

  const [last] = decided;
  const listed = page.getByRole("region", { name: "Your last decisions" }).getByRole("listitem");
  await listed.nth(ANSWERS.length - 1).waitFor();
  await page.keyboard.press("z");
  const [left, right] = [last.verdicts[0].left.tracklet, last.verdicts[0].right.tracklet];
  await page.waitForFunction((name) => document.querySelector("[data-pair]")?.dataset.pair === name, `${left}-${right}`);
  await allStored(page);
  const [undo] = await operations(page, scene);
  check(undo.kind === "undo" && undo.inverse_of.id === last.id, "the undo key does not take the last decision back");

  await page.context().setOffline(true);
  await page.keyboard.press("d");
  await page.getByText("1 decision not saved yet.").waitFor();
  await page.screenshot({ path: picture(there.folder, "review-unsaved") });
  await page.context().setOffline(false);
  await allStored(page);
  await page.getByText("1 decision not saved yet.").waitFor({ state: "hidden" });
  const [late] = await operations(page, scene);
  check(late.kind === "verdict" && late.verdicts[0].left.tracklet === left, "the decision made without a connection is lost");

  await page.context().clearCookies({ name: "sessionid" });
  await page.keyboard.press("s");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await signInByKeys(page, "analyst");
  await page.waitForURL(`**/scenes/${scene.id}/review`);
  await pairShown(page, null);
  await allStored(page);
  const [kept] = await operations(page, scene);
  check(kept.number === late.number + 1 && kept.verdicts[0].verdict === "same", "the decision made after the session had ended is lost");

  await page.reload();
  await pairShown(page, null);
  await listed.nth(ANSWERS.length - 1).waitFor();
  for (const key of ["f", "v", "b", "p"]) await page.keyboard.press(key);
  await page.screenshot({ path: picture(there.folder, "review-full-frames") });
  const onReview = await serious(page);
  check(onReview.length === 0, onReview.join("\n"));

  const seen = (await ask(page, `/runs/${scene.current_run.id}/identities?min_cameras=2&limit=50`)).results;
  const whole = seen.find(({ tracklet_count }) => tracklet_count === 2);
  await page.goto(`${there.address}/scenes/${scene.id}/identities?identity=${whole.number}`);
  const panel = page.getByRole("region", { name: `Identity ${whole.number}`, exact: true });
  await panel.getByRole("checkbox").first().focus();
  await page.keyboard.press("Space");
  await panel.getByRole("button", { name: "Split 1 tracklet off" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText(/^Stored: split into/).waitFor();
  const [split] = await operations(page, scene);
  const parted = split.effect.separated.find((number) => number !== whole.number);
  check(split.kind === "split" && parted, `the split is stored as ${split.kind} into ${split.effect.separated}`);
  await page.getByLabel("Merge with identity").focus();
  await page.keyboard.type(`${parted}`);
  await page.keyboard.press("Enter");
  await until(page, async () => (await operations(page, scene))[0].kind === "merge", "the merge");
  await page.getByRole("checkbox").nth(whole.tracklet_count - 1).waitFor();
  await page.screenshot({ path: picture(there.folder, "identity-edited") });

  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("[role=dialog]"));
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.waitForURL(`**/scenes/${scene.id}/history`);
  const newest = page.getByRole("listitem").first();
  await newest.getByText("analyst").waitFor();
  for (const { id, number, kind, undone_by } of await operations(page, scene)) {
    if (number <= already || kind === "undo" || undone_by) continue;
    await page.locator(`[data-operation="${id}"]`).getByRole("button", { name: `Undo operation ${number}` }).focus();
    await page.keyboard.press("Enter");
    await page.locator(`[data-operation="${id}"]`).getByText(/^undone by/).waitFor();
  }
  await page.screenshot({ path: picture(there.folder, "history") });
  const onHistory = await serious(page);
  check(onHistory.length === 0, onHistory.join("\n"));

  const standing = (await ask(page, `/scenes/${scene.id}/review`)).decided;
  check(standing === stood, `${standing} decisions stand after all were undone, ${stood} did before`);
  check(problems.length === 0, problems.join("\n"));
});
