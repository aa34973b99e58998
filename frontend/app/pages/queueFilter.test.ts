import { expect, test } from "vitest";
import { EVERYTHING } from "@/features/review/filter";
import { readFilter, writeFilter } from "./queueFilter";

const NARROW = {
  state: "uncertain",
  link: 4,
  cameras: [1, 3],
  category: 6,
  type: "van",
  colour: "red",
  from: 12.5,
  to: 90,
  atLeast: 0.25,
  atMost: 0.75,
} as const;

test("a filter survives the address, and one that narrows nothing leaves none", () => {
  expect(readFilter(writeFilter(NARROW))).toEqual(NARROW);
  expect(String(writeFilter(NARROW))).toBe(
    "pairs=uncertain&link=4&cameras=1%2C3&type=6&read=van&colour=red&from=12.5&to=90&least=0.25&most=0.75",
  );
  expect(String(writeFilter(EVERYTHING))).toBe("");
  expect(readFilter(new URLSearchParams())).toEqual(EVERYTHING);
});

test("what makes no sense in an address is left out", () => {
  const address = new URLSearchParams(
    "pairs=all&link=x&cameras=,a&type=-1&read=sofa&colour=loud&from=soon&least=1.5&most=NaN",
  );
  expect(readFilter(address)).toEqual(EVERYTHING);
});
