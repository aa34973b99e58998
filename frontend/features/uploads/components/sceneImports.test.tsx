// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import type { SceneImport } from "../api/sceneImports";
import { canBeSent, purposeOf } from "../types";
import { SceneImports } from "./SceneImports";

const CHECKED: SceneImport = {
  id: 5,
  file_name: "city.zip",
  state: "checked",
  problem: "",
  report: {
    folder: "S01",
    cameras: [
      {
        camera: "c001",
        is_new: true,
        video: { file: "vdo.mp4", size: 4_000_000, frames: 20, duration_s: 2, start_s: 1.5, is_new: true },
        region: "new",
        calibration: "left out: its file does not say direction and unit",
        vehicles: 1,
        boxes: 2,
      },
    ],
    links: [{ source: "c001", target: "c002", min_s: 0, max_s: 9, is_new: true }],
    left_out: ["S01/c001/det.txt: nothing here reads it"],
    problems: [],
  },
  job: 1,
  done: 0,
  total: null,
  undone_at: null,
  created_by: "mia",
  created_at: "2026-01-01T00:00:00Z",
};

function listed(...imports: SceneImport[]) {
  return http.get("*/api/v1/scenes/3/imports", () => HttpResponse.json({ next: null, results: imports }));
}

test("a checked folder says what it would make, and is imported with what its files do not say", async () => {
  const asked: unknown[] = [];
  server.use(
    listed(CHECKED),
    http.post("*/api/v1/scene-imports/5/apply", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ ...CHECKED, state: "working" }, { status: 201 });
    }),
  );
  show(<SceneImports sceneId={3} arrived={0} />);
  expect(await screen.findByText(/vdo.mp4, 4.0 MB/)).toBeDefined();
  expect(screen.getByText("1 vehicle, 2 boxes")).toBeDefined();
  expect(screen.getByText("1 thing left out")).toBeDefined();
  await userEvent.click(
    screen.getByLabelText("Unit of calibrations that do not say it", { selector: "input" }),
  );
  await userEvent.click(await screen.findByRole("option", { name: /metres/, hidden: true }));
  await userEvent.click(screen.getByRole("button", { name: "Import 1 camera" }));
  await expect.poll(() => asked).toEqual([{ unit: "metres" }]);
});

test("a refused folder names what is wrong and cannot be imported", async () => {
  const report = CHECKED.report && {
    ...CHECKED.report,
    problems: ["S01/c001/gt/gt.txt, line 2: no number."],
  };
  server.use(listed({ ...CHECKED, state: "refused", report }));
  show(<SceneImports sceneId={3} arrived={0} />);
  expect(await screen.findByText("S01/c001/gt/gt.txt, line 2: no number.")).toBeDefined();
  expect(screen.queryByRole("button", { name: /^Import/ })).toBeNull();
});

test("zips that cannot be listed are not passed over in silence", async () => {
  server.use(http.get("*/api/v1/scenes/3/imports", () => problem(403, "forbidden", "No zips for you.")));
  show(<SceneImports sceneId={3} arrived={0} />);
  await screen.findByText("No zips for you.");
});

test("why an import is not taken back is said", async () => {
  server.use(
    listed({ ...CHECKED, state: "imported" }),
    http.post("*/api/v1/scene-imports/5/undo", () =>
      problem(
        409,
        "import-in-use",
        "This import cannot be taken back: its cameras have other videos by now.",
      ),
    ),
  );
  show(<SceneImports sceneId={3} arrived={0} />);
  await userEvent.click(await screen.findByRole("button", { name: "Take the import back" }));
  expect((await screen.findByRole("alert")).textContent).toContain("its cameras have other videos by now");
});

test("older ones are asked for, and stay beside the newest", async () => {
  const last = { ...CHECKED, id: 4, file_name: "first.zip" };
  server.use(
    http.get("*/api/v1/scenes/3/imports", ({ request }) => {
      const isFirst = !new URL(request.url).searchParams.get("cursor");
      const next = isFirst ? "/api/v1/scenes/3/imports?cursor=abc" : null;
      return HttpResponse.json({ next, results: [isFirst ? CHECKED : last] });
    }),
  );
  show(<SceneImports sceneId={3} arrived={0} />);
  await userEvent.click(await screen.findByRole("button", { name: "Older ones" }));
  await screen.findByText("first.zip");
  screen.getByText("city.zip");
  expect(screen.queryByRole("button", { name: "Older ones" })).toBeNull();
});

test("a zip needs no camera, a video does", () => {
  expect([purposeOf("City.ZIP"), purposeOf("a.mp4")]).toEqual(["scene", "video"]);
  expect(canBeSent({ purpose: "scene", camera: "" })).toBe(true);
  expect(canBeSent({ purpose: "video", camera: " " })).toBe(false);
});
