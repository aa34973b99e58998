import { expect, test } from "vitest";
import { presetToStart } from "./presets";

test.each([
  ["the one of the scene's last run", ["cpu-close", "cpu-light"], "cpu-close", "cpu-close"],
  ["the usual one for a scene without runs", ["cpu-close", "cpu-light"], null, "cpu-light"],
  ["the usual one if the last one is no longer offered", ["cpu-close", "cpu-light"], "old", "cpu-light"],
  ["the first where the usual one is not offered", ["a", "b"], null, "a"],
  ["none where none is offered", [], "old", null],
])("a new run starts with %s", (_, offered, last, preset) => {
  expect(presetToStart(offered, last)).toBe(preset);
});
