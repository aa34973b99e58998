import { expect, test } from "vitest";
import type { Identity, IdentityTracklet } from "./api/getIdentities";
import { bestCrops, byCamera } from "./rows";

function tracklet(id: number, camera: number, start_s: number, crops: number): IdentityTracklet {
  const crop_urls = Array.from({ length: crops }, (_, rank) => `${id}/${rank}`);
  const times = { start_s, end_s: start_s + 2, first_frame: 0, last_frame: 20, length: 20 };
  return {
    id,
    number: id,
    camera,
    video: camera,
    category: 3,
    colour: "",
    machine: null,
    crop_urls,
    ...times,
  };
}

const tracklets = [tracklet(1, 10, 8, 2), tracklet(2, 11, 3, 1), tracklet(3, 10, 1, 3)];
const identity: Identity = {
  id: 5,
  number: 5,
  camera_count: 2,
  tracklet_count: 3,
  start_s: 1,
  end_s: 10,
  tracklets,
};

test("tracklets are found by camera, earliest first", () => {
  const found = byCamera(identity);
  expect(found.get(10)?.map(({ id }) => id)).toEqual([3, 1]);
  expect(found.get(11)?.map(({ id }) => id)).toEqual([2]);
  expect(found.get(12)).toBeUndefined();
});

test("every tracklet shows its best picture before any shows its second", () => {
  expect(bestCrops(tracklets, 4)).toEqual(["1/0", "2/0", "3/0", "1/1"]);
  expect(bestCrops(tracklets, 99)).toHaveLength(6);
  expect(bestCrops([], 3)).toEqual([]);
});
