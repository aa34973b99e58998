import { expect, test } from "vitest";
import { clockTime, counted, dateAndTime, percent, sceneTime, shortMoment, spanWords } from "./format";

test.each([
  [0, "0:00.0"],
  [9.96, "0:10.0"],
  [59.96, "1:00.0"],
  [75.25, "1:15.3"],
  [3661, "1:01:01.0"],
  [-2, "0:00.0"],
])("%f seconds read %s", (seconds, text) => {
  expect(clockTime(seconds)).toBe(text);
});

test("without decimals", () => {
  expect(clockTime(65, 0)).toBe("1:05");
});

test.each([
  [3.6, "4 s"],
  [60, "1 min"],
  [200, "3 min 20 s"],
  [3600, "1 h"],
  [7500, "2 h 5 min"],
])("a span of %f seconds is %s", (seconds, text) => {
  expect(spanWords(seconds)).toBe(text);
});

test("scene time is in the scene's time zone", () => {
  expect(sceneTime(61.5, "2026-03-01T12:00:00Z", "America/Chicago")).toBe("06:01:01.5");
  expect(sceneTime(61.5, null, "America/Chicago")).toBe("1:01.5");
});

test("a moment names its time zone", () => {
  expect(dateAndTime("2026-03-01T12:05:00Z", "Europe/Berlin")).toBe("1 Mar 2026, 13:05 CET");
});

test.each([
  ["2026-03-01T23:30:00Z", "00:30"],
  ["2026-03-01T12:05:00Z", "1 Mar 13:05"],
])("beside now, %s reads %s", (iso, text) => {
  expect(shortMoment(iso, new Date("2026-03-02T09:00:00Z"), "Europe/Berlin")).toBe(text);
});

test("counts and percentages", () => {
  expect(counted(1, "camera")).toBe("1 camera");
  expect(counted(1200, "identity", "identities")).toBe("1,200 identities");
  expect(percent(0.8734)).toBe("87.3%");
  expect([percent(-0.0004), percent(-0.0006)]).toEqual(["0.0%", "-0.1%"]);
});
