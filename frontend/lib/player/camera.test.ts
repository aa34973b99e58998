import { expect, test } from "vitest";
import { type PlayerVideo, videoAt } from "./camera";

function video(id: number, start_s: number, duration_s: number): PlayerVideo {
  return { id, start_s, duration_s, width: 960, height: 540, proxy_url: "", poster_url: null };
}

const camera = { id: 1, name: "c001", videos: [video(1, 2, 10), video(2, 20, 10)], problem: null };

test.each([
  [0, 1],
  [5, 1],
  [14, 1],
  [18, 2],
  [25, 2],
  [99, 2],
])("at %f s the camera shows video %i", (time, id) => {
  expect(videoAt(camera, time)?.id).toBe(id);
});

test("a camera without videos shows none", () => {
  expect(videoAt({ ...camera, videos: [] }, 5)).toBeNull();
});
