import { expect, test } from "vitest";
import { changeWords, reportWords } from "./words";

test("changes are told briefly", () => {
  expect(changeWords({ added: [1, 2], removed: [], changed: [7] })).toBe("2 new, 1 changed");
  expect(changeWords({ added: [], removed: [], changed: [] })).toBe("nothing changed");
});

test("a report says what is made and in place of what", () => {
  const cameras = [
    { camera: "A", tracklets: 2, boxes: 30, replaced: 1 },
    { camera: "B", tracklets: 1, boxes: 5, replaced: 0 },
  ];
  expect(reportWords({ cameras, identities: 2, renumbered: 0, dropped: {} })).toBe(
    "3 tracklets with 35 boxes of 2 vehicles, in place of 1 tracklet shown there.",
  );
  expect(reportWords({ cameras: [], identities: 1, renumbered: 1, dropped: {} })).toBe(
    "0 tracklets with 0 boxes of 1 vehicle; 1 number is in use and will be new.",
  );
});
