import { expect, test } from "vitest";
import type { Camera } from "@/features/scenes/api/getCameras";
import { playerCameras, sceneEnd } from "./playerCameras";

const ready = {
  id: 4,
  original_name: "vdo.mp4",
  state: "ready",
  problem: "",
  start_s: 1.5,
  duration_s: 30,
  width: 960,
  height: 540,
  proxy_url: "/api/v1/videos/4/proxy",
  poster_url: null,
};

function camera(...videos: object[]): Camera {
  return { id: 1, name: "c001", position: 0, calibration: null, roi_url: null, videos } as Camera;
}

test("a video that can be shown is shown, and the scene ends with the last one", () => {
  const cameras = playerCameras([camera(ready, { ...ready, id: 5, start_s: 10 })]);
  expect(cameras[0]?.videos.map(({ id }) => id)).toEqual([4, 5]);
  expect(cameras[0]?.problem).toBeNull();
  expect(sceneEnd(cameras)).toBe(40);
});

test("a video that cannot be read says why", () => {
  const failed = { ...ready, state: "failed", proxy_url: null, problem: "The file has no video." };
  expect(playerCameras([camera(failed)])[0]).toMatchObject({ videos: [], problem: "The file has no video." });
});

test("a video that is still being read says so", () => {
  const pending = { ...ready, state: "pending", proxy_url: null, duration_s: null };
  expect(playerCameras([camera(pending)])[0]?.problem).toBe("The video is being read.");
  expect(sceneEnd(playerCameras([camera(pending)]))).toBe(0);
});
