import { expect, test } from "vitest";
import { colourOf, typeOf, vehicleWords } from "./vehicle";

const machine = { type: "suv", type_chance: 0.9, colour: "silver", colour_chance: 0.45 };

test("what the network reads comes with how sure it is", () => {
  const seen = { category: 3, colour: "", machine };
  expect(typeOf(seen)).toEqual({ word: "SUV", chance: 0.9, byPeople: false });
  expect(colourOf(seen)).toEqual({ word: "silver", chance: 0.45, byPeople: false });
  expect(vehicleWords(seen)).toBe("silver SUV");
});

test("what people say takes its place", () => {
  expect(colourOf({ category: 3, colour: "grey", machine })).toEqual({
    word: "grey",
    chance: null,
    byPeople: true,
  });
  expect(
    vehicleWords({ category: 6, colour: "grey", machine: { ...machine, type: "", type_chance: null } }),
  ).toBe("grey bus");
});

test("without either there is the detector's word alone", () => {
  expect(colourOf({ category: 8, colour: "", machine: null })).toBeNull();
  expect(vehicleWords({ category: 8, colour: "", machine: null })).toBe("truck");
});
