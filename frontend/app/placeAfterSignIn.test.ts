import { expect, test } from "vitest";
import { placeAfterSignIn } from "./placeAfterSignIn";

test.each([
  ["/scenes/3?t=12", "/scenes/3?t=12"],
  [null, "/scenes"],
  ["https://elsewhere.example/", "/scenes"],
  ["//elsewhere.example/", "/scenes"],
  ["/\\elsewhere.example/", "/scenes"],
  ["/sign-in?next=/jobs", "/scenes"],
])("after signing in, %s leads to %s", (next, place) => {
  expect(placeAfterSignIn(next)).toBe(place);
});
