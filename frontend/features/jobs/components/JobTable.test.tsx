// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import type { Job } from "../api/getJobs";
import { JobTable } from "./JobTable";

const all = { state: null, scene: null, run: null };

function job(id: number, change: Partial<Job>): Job {
  const place = { scene: 1, scene_name: "Downtown", run: 2, run_number: 1, video: 3, camera_name: "c001" };
  const times = {
    created_at: "2026-01-01T00:00:00Z",
    started_at: null,
    finished_at: null,
    heartbeat_at: null,
  };
  const work = {
    done: 0,
    total: null,
    unit: "frames",
    attempt: 1,
    max_attempts: 3,
    worker: "",
    created_by: "ana",
  };
  const state = {
    state: "queued",
    queue_position: 0,
    elapsed_s: null,
    remaining_s: null,
    cancel_requested: false,
  };
  const kind = { kind: "detect", queue: "infer", problem: "", problem_code: "" };
  return { id, ...kind, ...state, ...place, ...times, ...work, ...change } as Job;
}

function answer(...jobs: Job[]) {
  return http.get("*/api/v1/jobs", () => HttpResponse.json({ next: null, previous: null, results: jobs }));
}

test("a failed job says why and can be tried again", async () => {
  const failed = job(7, { state: "failed", problem: "The weights are not here: run `weights fetch`." });
  const retried = vi.fn();
  server.use(
    answer(failed),
    http.post("*/api/v1/jobs/7/retry", () => {
      retried();
      server.use(answer(job(7, {})));
      return HttpResponse.json(job(7, {}));
    }),
  );
  show(<JobTable filter={all} onOpen={() => {}} />);
  expect(await screen.findByText("The weights are not here: run `weights fetch`.")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Retry job 7" }));
  expect(await screen.findByRole("button", { name: "Cancel job 7" })).toBeDefined();
  expect(screen.queryByText(/The weights are not here/)).toBeNull();
  expect(retried).toHaveBeenCalledTimes(1);
});

test("a running job shows how far it is and how long it takes", async () => {
  server.use(answer(job(8, { state: "running", done: 150, total: 300, remaining_s: 12 })));
  show(<JobTable filter={all} onOpen={() => {}} />);
  const row = (await screen.findByRole("button", { name: "Open job 8" })).closest("tr");
  const cells = within(row as HTMLElement);
  expect(cells.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50");
  expect(cells.getByText("150 / 300 frames")).toBeDefined();
  expect(cells.getByText("about 12 s left")).toBeDefined();
});

test("the state, the scene and the run that are asked for go to the server", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/v1/jobs", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ next: null, previous: null, results: [] });
    }),
  );
  show(<JobTable filter={{ state: "failed", scene: 4, run: 9 }} onOpen={() => {}} />);
  expect(await screen.findByText("No jobs here")).toBeDefined();
  expect(asked[0]).toBe("?state=failed&scene=4&run=9");
});

test("what could not be loaded is said in a sentence", async () => {
  server.use(http.get("*/api/v1/jobs", () => problem(404, "not-found", "There is no such scene.")));
  show(<JobTable filter={all} onOpen={() => {}} />);
  expect((await screen.findByRole("alert")).textContent).toContain("There is no such scene.");
});
