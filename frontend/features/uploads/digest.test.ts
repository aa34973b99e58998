import { expect, test } from "vitest";
import { digestOf } from "./digest";

test("the digest is that of the whole file, however many blocks it has", async () => {
  const bytes = new Uint8Array(9 * 1024 * 1024).map((_, place) => place % 251);
  const expected = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
  const heard: number[] = [];
  expect(await digestOf(new Blob([bytes]), (read) => heard.push(read))).toBe(expected);
  expect(heard).toEqual([8 * 1024 * 1024, bytes.length]);
});
