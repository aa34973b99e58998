// @vitest-environment jsdom
import { cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server, show } from "@/app/testing/page";
import type { LabelImport } from "../api/getLabelImports";
import { ImportTable } from "./ImportTable";
import { NewLabelSet } from "./NewLabelSet";

const CHECKED: LabelImport = {
  id: 5,
  format: "cvat",
  ids: "camera",
  file_name: "a.zip",
  state: "checked",
  problem: "",
  report: {
    cameras: [{ camera: "A", tracklets: 1, boxes: 9, replaced: 0 }],
    identities: 1,
    renumbered: 0,
    dropped: { "the colour 'pink'": 2 },
  },
  job: 1,
  operation: null,
  created_by: "ann",
  created_at: "2026-01-01T00:00:00Z",
};

test("a label set is asked for in shares of one", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post("*/api/v1/scenes/3/label-sets", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(
        { code: "nothing-labelled", detail: "Nobody has confirmed anything." },
        { status: 409 },
      );
    }),
  );
  show(<NewLabelSet sceneId={3} />);
  await userEvent.click(screen.getByRole("button", { name: "New label set" }));
  await userEvent.click(await screen.findByLabelText(/machine's confident joins/));
  await userEvent.click(screen.getByRole("button", { name: "Keep what is confirmed now" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Nobody has confirmed");
  expect(asked).toEqual([{ name: "", machine_from: 0.95, held_share: 0.2, seed: 0 }]);
});

test("what was checked says what is left out, and is imported by a button that viewers do not have", async () => {
  const asked: string[] = [];
  server.use(
    http.post("*/api/v1/label-imports/:id/apply", ({ params }) => {
      asked.push(String(params.id));
      return HttpResponse.json({ ...CHECKED, state: "working" }, { status: 201 });
    }),
  );
  show(<ImportTable sceneId={3} imports={[CHECKED]} timeZone="UTC" mayImport={false} />);
  expect(screen.getByText(/1 tracklet with 9 boxes of 1 vehicle/)).toBeDefined();
  expect(screen.getByText(/left out: the colour 'pink' \(2\)/)).toBeDefined();
  expect(screen.queryByRole("button", { name: "Import" })).toBeNull();
  cleanup();
  show(<ImportTable sceneId={3} imports={[CHECKED]} timeZone="UTC" mayImport />);
  await userEvent.click(screen.getByRole("button", { name: "Import" }));
  await expect.poll(() => asked).toEqual(["5"]);
});
