import { expect, test } from "vitest";
import { cameraOf } from "./cameraOf";

test.each([
  ["c001_20210314_153009.mp4", [], "c001"],
  ["north gate 2021-03-14T15-30-09.mkv", [], "north gate"],
  ["S02/c008/vdo.avi", [], "c008"],
  ["vdo.avi", [], ""],
  ["recording_0003.mp4", [], ""],
  ["north-part2.mp4", ["north", "south"], "north"],
  ["NORTH_2.mp4", ["north"], "north"],
  ["northern.mp4", ["north"], "northern"],
  ["c002/video.mp4", ["c001", "c002"], "c002"],
  ["..$bad/na:me.mp4", [], "na_me"],
])("%s with cameras %j is from %s", (path, known, camera) => {
  expect(cameraOf(path, known)).toBe(camera);
});
