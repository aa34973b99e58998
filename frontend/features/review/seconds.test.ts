import { expect, test } from "vitest";
import { secondsOf } from "./seconds";

test.each([
  ["95", 95],
  ["1:35", 95],
  ["0:01:35.5", 95.5],
  ["", null],
  ["1:2:3:4", null],
  ["soon", null],
  ["-5", null],
])("%s is read as %s", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});
