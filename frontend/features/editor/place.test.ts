import { expect, test } from "vitest";
import { placeOf } from "./place";

test.each([
  ["1234", { frame: 1234 }],
  ["62.5", { seconds: 62.5 }],
  ["12s", { seconds: 12 }],
  ["1:02.5", { seconds: 62.5 }],
  ["1:00:01", { seconds: 3601 }],
  ["soon", null],
  ["", null],
])("%o leads to %o", (text, place) => expect(placeOf(text)).toEqual(place));
