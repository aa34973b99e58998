// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server, show } from "@/app/testing/page";
import type { Run } from "../api/getRun";
import { RunComparison } from "./RunComparison";

const SCORE = { idf1: 0.7, idp: 0.8, idr: 0.6, mota: 0.5, hota: 0.5 };

function run(id: number, idf1: number): Run {
  const score = { ...SCORE, idf1, idtp: 1, idfp: 1, idfn: 1, rule: "all", per_camera: {} };
  const config = { tracker: { age: 10 * id }, detector: { weights: `scenes/1/models/${id}.safetensors` } };
  return {
    id,
    scene: 1,
    number: id,
    preset: "light",
    config,
    versions: { embedding: 1, detector: id },
    models_used: {},
    score,
    is_current: id === 2,
  } as unknown as Run;
}

test("two runs stand side by side: scores, settings, and the vehicles that differ", async () => {
  const passage = { tracklet: 5, camera: 1, start_s: 4, end_s: 6, crop_url: null };
  server.use(
    http.get("*/api/v1/runs/1", () => HttpResponse.json(run(1, 0.7))),
    http.get("*/api/v1/runs/2/comparison", ({ request }) => {
      expect(new URL(request.url).searchParams.get("with")).toBe("1");
      const counts = { same: 3, changed: 0, gone: 1, new: 0 };
      return HttpResponse.json({
        counts,
        differing: [{ number: 9, kind: "gone", before: [passage], after: [] }],
      });
    }),
  );
  show(<RunComparison run={run(2, 0.75)} otherId={1} cameras={new Map([[1, "c001"]])} />);
  expect(await screen.findByText("+5.0")).toBeTruthy();
  expect(screen.getByRole("row", { name: "tracker.age 10 20" })).toBeTruthy();
  expect(screen.getByRole("row", { name: "detector version 1 2" })).toBeTruthy();
  expect(screen.queryByRole("row", { name: /safetensors/ })).toBeNull();
  expect(screen.getByRole("heading").textContent).toBe(
    "3 identities of 4 in two cameras or more are the same",
  );
  const link = screen.getByRole("link", { name: /Identity 9 in run 1/ });
  expect(link.getAttribute("href")).toBe("/scenes/1/identities?identity=9&run=1");
  expect(screen.getByText("is not there")).toBeTruthy();
});
