import { expect, test } from "vitest";
import { estimateWords, presetToStart } from "./presets";

test.each([
  ["the one of the scene's last run", ["cpu-close", "cpu-light"], "cpu-close", "cpu-close"],
  ["the usual one for a scene without runs", ["cpu-close", "cpu-light"], null, "cpu-light"],
  ["the usual one if the last one is no longer offered", ["cpu-close", "cpu-light"], "old", "cpu-light"],
  ["the first where the usual one is not offered", ["a", "b"], null, "a"],
  ["none where none is offered", [], "old", null],
])("a new run starts with %s", (_, offered, last, preset) => {
  expect(presetToStart(offered, last)).toBe(preset);
});

test("an estimate says what it comes from", () => {
  const estimate = { preset: "cpu-light", seconds: 250, frames_per_s: 8.04, runs: 3 };
  expect(estimateWords(estimate)).toBe(
    "About 4 min 10 s: the slowest of its last 3 runs here did 8.0 frames a second.",
  );
  expect(estimateWords({ ...estimate, frames_per_s: 24.6, runs: 1 })).toContain("its last run here did 25");
  expect(estimateWords(undefined)).toContain("No run with it");
});
