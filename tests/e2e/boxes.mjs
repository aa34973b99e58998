// The boxes on the canvas are the API's boxes of the frame that the video shows: after a jump, after steps, after
// playing. The picture of every video is kept beside its frame number, for comparison with the source video.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, check, demoScene, frameAt, openPage, picture, picturesReady, showing, signIn, site, still, withBrowser } from "./browser.mjs";

const JUMP_S = 7.31;
const LINE_PX = 3;
const LABEL_PX = { width: 60, height: 17 };
/** Share of a box's outline that must be drawn; other boxes' labels may lie on it. */
const OUTLINE_DRAWN = 0.9;
const STRAY_SHARE = 0.01;

/** The frame and the drawn pixels of every camera, read in one go. */
function readCanvases(page) {
  return page.$$eval("figure[data-video]", (figures) =>
    figures.map((figure) => {
      const canvas = figure.querySelector("canvas");
      const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const drawn = [];
      for (let index = 0; index < width * height; index++) if (data[index * 4 + 3] > 40) drawn.push(index);
      return { video: Number(figure.dataset.video), frame: Number(figure.dataset.frame), width, height, drawn };
    }),
  );
}

async function sizesByVideo(page, sceneId) {
  const cameras = await ask(page, `/scenes/${sceneId}/cameras`);
  return new Map(cameras.flatMap(({ name, videos }) => videos.map((video) => [video.id, { camera: name, ...video }])));
}

async function expectedBoxes(page, runId, { video, frame }) {
  const query = `video=${video}&first_frame=${frame}&last_frame=${frame}`;
  const { tracklets } = await ask(page, `/runs/${runId}/tracks?${query}`);
  return tracklets.flatMap(({ boxes }) => boxes);
}

function onCanvas([x1, y1, x2, y2], size, { width, height }) {
  const scale = Math.min(width / size.width, height / size.height);
  const left = (width - size.width * scale) / 2;
  const top = (height - size.height * scale) / 2;
  return [left + x1 * scale, top + y1 * scale, left + x2 * scale, top + y2 * scale];
}

function outline([x1, y1, x2, y2]) {
  const points = [];
  for (let x = x1; x <= x2; x += 1) points.push([x, y1], [x, y2]);
  for (let y = y1; y <= y2; y += 1) points.push([x1, y], [x2, y]);
  return points;
}

function drawnShare(box, canvas, drawn) {
  const points = outline(box)
    .map(([x, y]) => [Math.round(x), Math.round(y)])
    .filter(([x, y]) => x >= 0 && y >= 0 && x < canvas.width && y < canvas.height);
  return points.length ? points.filter(([x, y]) => drawn.has(y * canvas.width + x)).length / points.length : 1;
}

function belongsTo(x, y, [x1, y1, x2, y2]) {
  const within = x >= x1 - LINE_PX && x <= x2 + LINE_PX && y >= y1 - LINE_PX && y <= y2 + LINE_PX;
  const inside = x > x1 + LINE_PX && x < x2 - LINE_PX && y > y1 + LINE_PX && y < y2 - LINE_PX;
  const inLabel = x >= x1 - LINE_PX && x <= x1 + LABEL_PX.width && Math.abs(y - y1) <= LABEL_PX.height;
  return (within && !inside) || inLabel;
}

function compare(canvas, boxes, where) {
  const drawn = new Set(canvas.drawn);
  for (const box of boxes) {
    const share = drawnShare(box, canvas, drawn);
    check(share > OUTLINE_DRAWN, `${where}: only ${(share * 100).toFixed(0)}% of a box is drawn at ${box.map(Math.round)}`);
  }
  const stray = canvas.drawn.filter((index) => {
    const [x, y] = [index % canvas.width, Math.floor(index / canvas.width)];
    return !boxes.some((box) => belongsTo(x, y, box));
  });
  const share = canvas.drawn.length ? stray.length / canvas.drawn.length : 0;
  check(share <= STRAY_SHARE, `${where}: ${(share * 100).toFixed(1)}% of what is drawn belongs to no box of this frame`);
}

/** Compare every camera's canvas with the API; returns how many boxes there were. */
async function checkMoment(page, scene, sizes, moment) {
  await picturesReady(page);
  let count = 0;
  for (const canvas of await readCanvases(page)) {
    const size = sizes.get(canvas.video);
    const boxes = await expectedBoxes(page, scene.current_run.id, canvas);
    count += boxes.length;
    compare(canvas, boxes.map((box) => onCanvas(box, size, canvas)), `${moment}, ${size.camera}, frame ${canvas.frame}`);
  }
  return count;
}

/** The picture on screen of every camera with the frame number that the page claims. */
async function keepPictures(page, sizes, folder, moment) {
  const shown = await page.$$eval("figure[data-video]", (figures) =>
    figures.map((figure) => {
      const video = figure.querySelector("video");
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      canvas.getContext("2d").drawImage(video, 0, 0);
      const rgba = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      const grey = Array.from({ length: rgba.length / 4 }, (_, at) =>
        String.fromCharCode(Math.round(0.299 * rgba[at * 4] + 0.587 * rgba[at * 4 + 1] + 0.114 * rgba[at * 4 + 2])),
      ).join("");
      const { video: id, frame } = figure.dataset;
      return { video: Number(id), frame: Number(frame), width: canvas.width, height: canvas.height, grey: btoa(grey) };
    }),
  );
  return shown.map(({ video, frame, width, height, grey }) => {
    const file = `${moment}-${video}.grey`;
    writeFileSync(join(folder, file), Buffer.from(grey, "base64"));
    return { camera: sizes.get(video).camera, frame, width, height, file };
  });
}

const there = site();
await withBrowser(async (browser) => {
  const { page, problems } = await openPage(browser);
  await signIn(page, there, "analyst");
  const scene = await demoScene(page);
  const sizes = await sizesByVideo(page, scene.id);
  const frames = [];
  let boxes = 0;
  const look = async (moment) => {
    await still(page);
    boxes += await checkMoment(page, scene, sizes, moment);
    frames.push(...(await keepPictures(page, sizes, there.folder, moment)));
  };

  await page.goto(`${there.address}/scenes/${scene.id}?t=${JUMP_S}`);
  const jumped = [...sizes].map(async ([id, video]) => [id, await frameAt(page, video, JUMP_S)]);
  await showing(page, Object.fromEntries(await Promise.all(jumped)));
  await look("jump");

  const before = await page.getAttribute("figure[data-video]", "data-frame");
  for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowRight");
  await page.waitForFunction(
    (frame) => document.querySelector("figure[data-video]").dataset.frame === String(frame),
    Number(before) + 3,
  );
  await look("step");

  await page.keyboard.press("Space");
  await page.waitForFunction(
    (frame) => Number(document.querySelector("figure[data-video]").dataset.frame) > frame,
    Number(before) + 25,
  );
  await page.keyboard.press("Space");
  await look("played");
  await page.screenshot({ path: picture(there.folder, "played") });

  check(boxes > 0, "no frame that was looked at has a box: nothing was compared");
  check(problems.length === 0, problems.join("\n"));
  writeFileSync(join(there.folder, "frames.json"), JSON.stringify(frames));
});
