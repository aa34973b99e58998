import { expect, test } from "vitest";
import { sentenceOf } from "@/lib/api/problem";
import { type Load, loadInTime, loadPage } from "./loadPage";

const Page = () => null;
const failure = new TypeError("Failed to fetch dynamically imported module");
const gone: Load = () => Promise.reject(failure);

test("a page whose file is gone says what to do, and keeps what was thrown", async () => {
  expect(await loadPage(async () => Page)).toBe(Page);
  const error: unknown = await loadPage(gone).catch((thrown: unknown) => thrown);
  expect(sentenceOf(error)).toContain("The site may have a new version");
  expect(error).toHaveProperty("cause", failure);
});

test("the other pages come one after the other, also past one that does not", async () => {
  const came: string[] = [];
  const page = (name: string): Load => {
    return async () => {
      came.push(name);
      await Promise.resolve();
      came.push(`${name} is there`);
      return Page;
    };
  };
  await loadInTime([page("map"), gone, page("jobs")]);
  expect(came).toEqual(["map", "map is there", "jobs", "jobs is there"]);
});
