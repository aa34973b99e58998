// A day of an analyst by keyboard alone: from sign-in through verdicts, a split, a merge and a swap, all of it undone,
// the page reloaded, all of it done again, to the CityFlow export, which says what the pages say.
//   node tests/e2e/story.mjs ADDRESS USERS.json FOLDER [VERDICTS]
// The queue may stop sooner than VERDICTS (50). The scene is left as it was found; what each part took is printed.
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { answer, ask, check, openPage, picture, site, stored, until, withBrowser } from "./browser.mjs";

const there = site();
const WANTED = Number(process.argv[5] ?? 50);
/** In turn; an eye would look, a story only has to press. */
const ANSWERS = ["s", "d", "s", "Space", "d"];
const MANY = 200;

const began = performance.now();
let noted = began;

function tell(what) {
  const now = performance.now();
  console.log(`${what}: ${((now - noted) / 1000).toFixed(1)} s`);
  noted = now;
}

/** Press Tab until the focus is on what `name` matches. */
async function tabTo(page, name, most = 60) {
  for (let press = 0; press < most; press++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
    if (name.test(focused)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

async function signIn(page, user) {
  await page.goto(there.address);
  await page.getByLabel("Name").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "username");
  await page.keyboard.type(user);
  await page.keyboard.press("Tab");
  await page.keyboard.type(there.passwords[user]);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Main" }).waitFor();
}

async function go(page, keys, path) {
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForURL((url) => url.pathname.endsWith(path));
}

async function operations(page, scene) {
  return (await ask(page, `/scenes/${scene.id}/operations?limit=1`)).results;
}

const newest = async (page, scene) => (await operations(page, scene))[0]?.number ?? 0;

/** A tracklet by where and when it was: its id names a version, and what is done again has another one. */
const placed = ({ camera, start_s, end_s, length }) => [camera, start_s, end_s, length].join(" ");

/** What people see of the scene, as the API tells it: identity number -> its tracklets, and every box. */
async function state(page, scene) {
  const run = scene.current_run.id;
  const identities = new Map();
  for (let path = `/runs/${run}/identities?limit=200`; path; ) {
    const { results, next } = await ask(page, path);
    for (const { number, tracklets } of results) identities.set(number, tracklets.map(placed).sort().join(", "));
    path = next?.replace(/^.*\/api\/v1/, "");
  }
  const boxes = [];
  for (const { name, videos } of await ask(page, `/scenes/${scene.id}/cameras`)) {
    for (const { id, frame_count } of videos) {
      for (let first = 0; first < frame_count; first += MANY) {
        const window = `first_frame=${first}&last_frame=${Math.min(first + MANY, frame_count) - 1}`;
        const { tracklets } = await ask(page, `/runs/${run}/tracks?video=${id}&${window}`);
        for (const { identity_number, frames, boxes: drawn } of tracklets)
          boxes.push(...frames.map((frame, at) => line(name, identity_number, frame, drawn[at])));
      }
    }
  }
  return { identities, boxes: boxes.sort().join("\n") };
}

/** A box by its camera (its number), identity and frame (from 1), then its corners as the pages get them: tenths of pixels. */
function line(camera, identity, frame, corners) {
  return [Number(/\d+$/.exec(camera)[0]), identity, frame + 1, ...corners].join(" ");
}

/** The files of a zip: name -> text. */
function unzipped(archive) {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let at = archive.readUInt32LE(end + 16);
  const files = {};
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = archive.subarray(start, start + size);
    const name = archive.subarray(at + 46, at + 46 + nameLength).toString();
    files[name] = (method === 8 ? inflateRawSync(content) : content).toString();
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

/** From the overview, by keys: the zip that the browser downloads. */
async function exported(page, scene) {
  await go(page, "go", `/scenes/${scene.id}`);
  await page.getByRole("link", { name: "Export labels" }).waitFor();
  const download = page.waitForEvent("download");
  for (const key of "ge") await page.keyboard.press(key);
  return unzipped(readFileSync(await (await download).path()));
}

/** "camera identity frame" -> corners, of lines of `state`. */
function shownBoxes(text) {
  const rows = text.split("\n").map((row) => row.split(" "));
  return new Map(rows.map(([camera, identity, frame, ...corners]) => [`${camera} ${identity} ${frame}`, corners.map(Number)]));
}

/** The same of lines of track1.txt: left, top, width and height there. */
function exportedBoxes(text) {
  const rows = text.trimEnd().split("\n").map((row) => row.split(" "));
  return new Map(
    rows.map(([camera, identity, frame, ...numbers]) => {
      const [left, top, width, height] = numbers.map(Number);
      return [`${camera} ${identity} ${frame}`, [left, top, left + width, top + height]];
    }),
  );
}

/** Every box of the export is on the pages, under its identity, and the other way round. */
function checkExport(track1, boxes) {
  const [inFile, onPages] = [exportedBoxes(track1), shownBoxes(boxes)];
  check(inFile.size === onPages.size, `the export has ${inFile.size} boxes, the pages ${onPages.size}`);
  for (const [name, corners] of inFile) {
    const shown = onPages.get(name);
    const isThere = shown?.every((value, at) => Math.abs(value - corners[at]) < 0.06);
    check(isThere, `camera, identity, frame ${name}: ${corners} in the export, ${shown} on the pages`);
  }
}

/** The same vehicles; those that people made have another number where they are made again, `known` ones never. */
function same(one, other, known, what) {
  const told = ({ identities }) =>
    [...identities].map(([number, tracklets]) => `${known.identities.has(number) ? number : "made"}: ${tracklets}`).sort();
  const [now, then] = [told(one), told(other)];
  const news = now.filter((row) => !then.includes(row));
  const lost = then.filter((row) => !now.includes(row));
  check(news.length + lost.length === 0, `${what} there is\n  ${news.join("\n  ")}\nin place of\n  ${lost.join("\n  ")}`);
  const bare = (boxes) => boxes.replace(/^(\S+) \S+/gm, "$1").split("\n").sort().join();
  check(bare(one.boxes) === bare(other.boxes), `${what} boxes are others`);
}

/** Up to `wanted` answers, or until the queue stops by itself; how many there were. */
async function review(page, wanted) {
  const shown = () =>
    page.waitForFunction(() => {
      const pair = document.querySelector("[data-pair]");
      if (!pair) return /Everything is decided|Others hold/.test(document.querySelector("main").textContent);
      return [...pair.querySelectorAll("article > div:first-of-type img")].every(({ complete }) => complete);
    });
  let given = 0;
  for (; given < wanted; given++) {
    await shown();
    const pair = page.locator("[data-pair]");
    if ((await pair.count()) === 0 || (await page.locator("aside [role=note]").count()) > 0) break;
    await answer(page, ANSWERS[given % ANSWERS.length]);
  }
  check((await page.getByText("A decision was not stored.").count()) === 0, "a decision was refused");
  return given;
}

/** Open identity `number`, from the list by J, which begins at the first. */
async function openIdentity(page, number) {
  const opened = (url) => url.searchParams.get("identity");
  for (let row = 0; row < MANY; row++) {
    const before = opened(new URL(page.url()));
    await page.keyboard.press("j");
    await page.waitForURL((url) => opened(url) !== before);
    if (opened(new URL(page.url())) === String(number)) {
      await page.getByRole("region", { name: `Edit identity ${number}` }).waitFor();
      return;
    }
  }
  throw new Error(`J does not reach identity ${number}`);
}

const apart = (one, other) => one.camera !== other.camera || one.start_s > other.end_s || other.start_s > one.end_s;

/** Of these, an identity that can be split, and its tracklet that the page shows first. */
function splittable(identities, cameras) {
  const place = ({ camera, start_s }) => cameras.indexOf(camera) * 1e6 + start_s;
  const whole = identities.find(({ tracklet_count }) => tracklet_count > 1 && tracklet_count < 9);
  check(whole, "no identity can be split");
  return { whole, part: whole.tracklets.toSorted((one, other) => place(one) - place(other))[0] };
}

/** Of these, an identity that was never seen together with `other`. */
function fitting(identities, other) {
  const found = identities.find(
    (one) => one.number !== other.number && one.tracklets.every((each) => other.tracklets.every((its) => apart(each, its))),
  );
  check(found, `no identity can be merged with ${other.number}`);
  return found;
}

/** What the page says of the edit: stored, or why not. */
async function outcome(page) {
  const text = await page.locator("section[aria-label^='Edit identity']").locator("[role=status], [role=alert]").textContent();
  check(/^Stored: /.test(text), text);
}

async function closeIdentity(page) {
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close the identity" }).waitFor({ state: "hidden" });
}

/** Split a tracklet off an identity and merge what it is in then with another one. */
async function splitAndMerge(page, scene) {
  await go(page, "gi", "/identities");
  const identities = async (query) => (await ask(page, `/runs/${scene.current_run.id}/identities?limit=100&${query}`)).results;
  const listed = "min_cameras=2&ordering=-camera_count"; // as the page lists them
  const cameras = (await ask(page, `/scenes/${scene.id}/cameras`)).map(({ id }) => id);
  const { whole, part } = splittable(await identities(listed), cameras);
  await openIdentity(page, whole.number);
  await page.keyboard.press("1");
  await page.getByRole("checkbox", { checked: true }).waitFor();
  await page.keyboard.press("s");
  await outcome(page);
  await page.screenshot({ path: picture(there.folder, "story-split") });
  const seenThere = await identities(`camera=${part.camera}`);
  const now = seenThere.find(({ tracklets }) => tracklets.some(({ id }) => id === part.id));
  // Which part keeps the number is the run's to say: not always the larger one.
  const rest = whole.tracklets.filter(({ id }) => id !== part.id).map(({ id }) => id);
  const has = ({ tracklets }, ids) => tracklets.some(({ id }) => ids.includes(id));
  check(!has(now, rest), "what was split off is with the others");
  const other = fitting((await identities(listed)).filter((one) => !has(one, rest)), now);
  await closeIdentity(page);
  await openIdentity(page, other.number);
  await page.keyboard.press("m");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Merge with identity");
  await page.keyboard.type(String(now.number));
  await page.keyboard.press("Enter");
  await outcome(page);
  await page.screenshot({ path: picture(there.folder, "story-merged") });
  await closeIdentity(page);
}

/** A camera (its place among the digits), a frame and a tracklet on it, where another one is there too. */
async function meeting(page, scene) {
  const cameras = await ask(page, `/scenes/${scene.id}/cameras`);
  for (const [place, { id, videos }] of cameras.entries()) {
    const { tracklets } = await ask(page, `/runs/${scene.current_run.id}/videos/${videos[0].id}/tracklets`);
    const inside = (frame) => tracklets.filter(({ spans }) => spans.some(([first, last]) => first + 5 < frame && frame + 5 < last));
    const frames = tracklets.map(({ spans: [[first, last]] }) => Math.round((first + last) / 2));
    const frame = frames.find((each) => inside(each).length > 1);
    if (frame !== undefined) return { digit: place + 1, camera: id, frame, number: inside(frame)[0].number };
  }
  throw new Error("nowhere are two vehicles seen together");
}

/** Two tracklets of one camera exchange what comes from a frame on. */
async function swap(page, scene) {
  await go(page, "go", `/scenes/${scene.id}`);
  const { digit, camera, frame, number } = await meeting(page, scene);
  const figure = page.locator("figure[data-video]");
  await figure.first().waitFor();
  await page.keyboard.press(String(digit));
  await page.getByRole("button", { name: "Show all cameras" }).waitFor();
  await page.keyboard.press("e");
  await page.waitForURL(`**/cameras/${camera}*`);
  await page.getByText("All edits are saved.").waitFor();
  await page.keyboard.press("f");
  await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
  await page.keyboard.type(String(frame));
  await page.keyboard.press("Enter");
  await page.waitForFunction((wanted) => {
    const { frame: shown, boxes } = document.querySelector("figure[data-video]").dataset;
    return shown === String(wanted) && Number(boxes) > 1;
  }, frame);
  for (let press = 0; press < MANY && (await figure.getAttribute("data-selected")) !== String(number); press++) {
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.querySelector("figure[data-video]").dataset.selected);
  }
  await page.keyboard.press("x");
  await page.getByText("Swap with").waitFor();
  await page.keyboard.press("1");
  await stored(page);
  const [{ kind }] = await operations(page, scene);
  check(kind === "swap", `the swap is stored as ${kind}`);
  await page.screenshot({ path: picture(there.folder, "story-swapped") });
}

/** In the history, `count` times: the keys, and wait until the server has one more operation. */
async function steps(page, scene, keys, count) {
  for (let step = 0; step < count; step++) {
    const before = await newest(page, scene);
    const button = page.getByRole("button", { name: keys.includes("Shift") ? /^Redo Ctrl/ : /^Undo Ctrl/ });
    await button.and(page.locator("[aria-disabled=false]")).waitFor();
    await page.keyboard.press(keys);
    await until(page, async () => (await newest(page, scene)) > before, `operation ${before + 1}`);
  }
}

await withBrowser(async (browser) => {
  const { page, problems } = await openPage(browser);
  await signIn(page, "analyst");
  const { results } = await ask(page, "/scenes");
  const scene = results.find(({ current_run }) => current_run);
  await page.getByRole("link", { name: scene.name }).first().waitFor();
  await tabTo(page, new RegExp(scene.name));
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/scenes/${scene.id}`);
  const found = await state(page, scene);
  const already = await newest(page, scene);
  tell("signed in, and read what is there");

  await go(page, "gv", "/review");
  const given = await review(page, WANTED);
  tell(`${given} verdicts`);
  await splitAndMerge(page, scene);
  tell("a split and a merge");
  await swap(page, scene);
  tell("a swap");
  const count = (await newest(page, scene)) - already;
  check(count === given + 3, `${count} operations are stored of ${given + 3}`);
  const edited = await state(page, scene);
  check(edited.boxes !== found.boxes, "nothing that was done shows");

  await go(page, "gh", "/history");
  await steps(page, scene, "Control+z", count);
  same(await state(page, scene), found, found, "after undo of all");
  tell("undo of all");
  await page.reload();
  await steps(page, scene, "Control+Shift+z", count);
  same(await state(page, scene), edited, found, "after a reload and redo");
  await page.screenshot({ path: picture(there.folder, "story-history") });
  tell("redo of all");

  const files = await exported(page, scene);
  checkExport(files["track1.txt"], (await state(page, scene)).boxes);
  const manifest = JSON.parse(files["manifest.json"]);
  check(manifest.decisions.last_operation === (await newest(page, scene)), "the export does not name the last operation");
  tell("export");
  await go(page, "gh", "/history");
  await steps(page, scene, "Control+z", count);
  same(await state(page, scene), found, found, "at the end");
  tell("undo of all again");
  check(problems.length === 0, problems.join("\n"));
  console.log(`${scene.name}: ${count} operations by keyboard in ${((performance.now() - began) / 1000).toFixed(0)} s`);
});
