import { expect, test } from "vitest";
import { Problem, problemFrom, sentenceOf } from "./problem";

test("the server's sentence, code and fields are kept", () => {
  const problem = problemFrom(400, {
    title: "Invalid",
    detail: "Give the scene a name.",
    code: "invalid",
    fields: { name: ["This field is required.", "Say something."] },
  });
  expect(problem).toMatchObject({ status: 400, code: "invalid", sentence: "Give the scene a name." });
  expect(problem.fields).toEqual({ name: "This field is required. Say something." });
});

test.each([
  [404, "does not exist"],
  [403, "role"],
  [500, "tell the operator"],
  [418, "418"],
])("an empty answer with status %i still gets a sentence", (status, part) => {
  expect(problemFrom(status, "<html>").sentence).toContain(part);
});

test("whatever is thrown becomes a sentence without its internals", () => {
  expect(sentenceOf(new Problem(409, "stale", "Reload."))).toBe("Reload.");
  expect(sentenceOf(new TypeError("x is undefined"))).not.toContain("undefined");
});
