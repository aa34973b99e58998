import { expect, test } from "vitest";
import type { Job } from "./api/getJobs";
import { mayCancel, mayRetry, progressWords, standing } from "./words";

const queued = {
  state: "queued",
  queue_position: 0,
  elapsed_s: null,
  remaining_s: null,
  cancel_requested: false,
};

test.each([
  [{}, "next"],
  [{ queue_position: 1 }, "1 job before it"],
  [{ queue_position: 7 }, "7 jobs before it"],
  [{ queue_position: null }, "waits for other jobs"],
  [{ state: "running", remaining_s: 80 }, "about 1 min 20 s left"],
  [{ state: "running", remaining_s: null }, ""],
  [{ state: "running", cancel_requested: true }, "stopping"],
  [{ state: "failed", elapsed_s: 4.2 }, "took 4 s"],
])("a job with %j stands: %s", (change, words) => {
  expect(standing({ ...queued, ...change } as Job)).toBe(words);
});

test("counters with and without a total", () => {
  expect(progressWords({ done: 1200, total: 3000, unit: "frames" })).toBe("1,200 / 3,000 frames");
  expect(progressWords({ done: 5, total: null, unit: "pairs" })).toBe("5 pairs");
  expect(progressWords({ done: 0, total: null, unit: "" })).toBe("");
});

test("only work that is under way can be cancelled, only work that ended badly retried", () => {
  expect(mayCancel({ state: "running", cancel_requested: false })).toBe(true);
  expect(mayCancel({ state: "running", cancel_requested: true })).toBe(false);
  expect(mayCancel({ state: "succeeded", cancel_requested: false })).toBe(false);
  expect(mayRetry({ state: "cancelled" })).toBe(true);
  expect(mayRetry({ state: "succeeded" })).toBe(false);
});
