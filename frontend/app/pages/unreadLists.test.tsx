// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { LabelsPage } from "./LabelsPage";
import { SetupPage } from "./SetupPage";
import { TrainingPage } from "./TrainingPage";

const SCENE = { id: 3, name: "City", my_role: "analyst", time_zone: "UTC", current_run: null };
const EMPTY = { next: null, previous: null, results: [] };

/** A scene whose lists are empty, except `broken`, which may not be read. */
function scene(broken: string): void {
  server.use(
    http.get(`*/api/v1/scenes/3/${broken}`, () => problem(403, "forbidden", `No ${broken} for you.`)),
    http.get("*/api/v1/scenes/3", () => HttpResponse.json(SCENE)),
    http.get("*/api/v1/scenes/3/models", () => HttpResponse.json([])),
    http.get("*/api/v1/scenes/3/:list", () => HttpResponse.json(EMPTY)),
    http.get("*/api/v1/session", () => HttpResponse.json({ user: null, csrf_token: "" })),
  );
}

test.each([
  ["label-exports", /Nothing exported yet/],
  ["label-imports", /A file is checked first/],
])("%s that could not be loaded are not called empty", async (broken, empty) => {
  scene(broken);
  show(<LabelsPage />, "/scenes/3/labels", "/scenes/:sceneId/labels");
  expect((await screen.findByRole("alert")).textContent).toContain(`No ${broken} for you.`);
  expect(screen.queryByText(empty)).toBeNull();
});

test("trainings that could not be loaded are not called none", async () => {
  scene("trainings");
  show(<TrainingPage />, "/scenes/3/training", "/scenes/:sceneId/training");
  expect((await screen.findByRole("alert")).textContent).toContain("No trainings for you.");
  expect(screen.queryByText("No trainings yet")).toBeNull();
});

test("models that could not be loaded are not called none", async () => {
  scene("models");
  show(<TrainingPage />, "/scenes/3/training", "/scenes/:sceneId/training");
  await screen.findByText("No trainings yet");
  await screen.findByText("No models for you.");
});

test("links are there to be edited where it is said that what a run learned of them could not be loaded", async () => {
  const camera = { id: 5, name: "c001", videos: [], calibration: null, roi_url: null };
  server.use(
    http.get("*/api/v1/runs/9/learned-links", () => problem(403, "forbidden", "No run for you.")),
    http.get("*/api/v1/scenes/3", () => HttpResponse.json({ ...SCENE, version: 1, current_run: { id: 9 } })),
    http.get("*/api/v1/scenes/3/cameras", () => HttpResponse.json([camera])),
    http.get("*/api/v1/scenes/3/links", () => HttpResponse.json([])),
    http.get("*/api/v1/scenes/3/ground", () => HttpResponse.json({ cameras: [] })),
  );
  show(<SetupPage />, "/scenes/3/setup?part=links", "/scenes/:sceneId/setup");
  expect((await screen.findByRole("alert")).textContent).toContain("could not be loaded. No run for you.");
  expect(screen.getByText("c001")).toBeDefined();
});
