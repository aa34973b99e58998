import { expect, test } from "vitest";
import { settingChanges } from "./settings";

test("settings are compared to their depths, one that is left out is the default", () => {
  const before = { tracker: { name: "deepsort", age: 30 }, classes: [3, 6] };
  const after = { tracker: { name: "jde", age: 30 }, classes: [3], detector: { every: 2 } };
  expect(settingChanges(before, after)).toEqual([
    { name: "classes", before: "[3,6]", after: "[3]" },
    { name: "detector.every", before: null, after: "2" },
    { name: "tracker.name", before: "deepsort", after: "jde" },
  ]);
  expect(settingChanges(before, before)).toEqual([]);
});
