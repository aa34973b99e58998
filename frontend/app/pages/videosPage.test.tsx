// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server, show } from "@/app/testing/page";
import { VideosPage } from "./VideosPage";

const SCENE = {
  id: 3,
  name: "City",
  my_role: "manager",
  time_zone: "UTC",
  starts_at: null,
  latest_run: null,
};
const VIDEO = {
  id: 7,
  original_name: "a.mp4",
  state: "ready",
  problem: "",
  start_s: 0,
  start_origin: "sequence",
};

function scene(changes: object, ...videos: object[]): void {
  const cameras = videos.map((video, place) => ({ id: place, name: `c00${place}`, videos: [video] }));
  server.use(
    http.get("*/api/v1/scenes/3", () => HttpResponse.json({ ...SCENE, ...changes })),
    http.get("*/api/v1/scenes/3/cameras", () => HttpResponse.json(cameras)),
    http.get("*/api/v1/scenes/3/:list", () => HttpResponse.json({ next: null, previous: null, results: [] })),
  );
  show(<VideosPage />, "/scenes/3/videos", "/scenes/:sceneId/videos");
}

test("videos that were read lead on to the set-up, and an assumed beginning is asked for", async () => {
  scene({}, VIDEO, { ...VIDEO, id: 8, original_name: "b.mp4", start_origin: "name" });
  const next = await screen.findByRole("note");
  expect(next.textContent).toContain("When 1 video began is only assumed");
  expect(screen.getByRole("link", { name: "set up the cameras" }).getAttribute("href")).toBe(
    "/scenes/3/setup",
  );
});

test.each([
  ["a video is still being read", {}, { ...VIDEO, state: "pending" }],
  ["a run was started", { latest_run: { id: 1, number: 1, state: "running" } }, VIDEO],
  ["one is no manager", { my_role: "analyst" }, VIDEO],
])("nothing comes next while %s", async (_, changes, video) => {
  scene(changes, video);
  await screen.findByText("a.mp4");
  expect(screen.queryByRole("note")).toBeNull();
});
