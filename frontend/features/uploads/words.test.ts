import { expect, test } from "vitest";
import { bytesWords } from "./words";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [123_456_789, "123 MB"],
  [2_147_483_648, "2.1 GB"],
])("%i bytes are %s", (bytes, words) => {
  expect(bytesWords(bytes)).toBe(words);
});
