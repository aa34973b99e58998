import { expect, test } from "vitest";
import { addressOf, filterOf, questionOf, stepped } from "./question";

test("the address names what is asked about", () => {
  expect(questionOf(new URLSearchParams("tracklet=12&type=3"))).toEqual({ kind: "tracklet", about: 12 });
  expect(questionOf(new URLSearchParams("picture=4"))).toEqual({ kind: "picture", about: 4 });
  expect(questionOf(new URLSearchParams("identity=x"))).toBeNull();
});

test("a filter comes back from its address as it was", () => {
  const filter = {
    cameras: [3, 5],
    category: 6,
    type: null,
    colour: "red",
    from: 12.5,
    to: null,
    othersOnly: true,
  };
  const address = new URLSearchParams();
  for (const [name, value] of Object.entries(addressOf(filter))) {
    if (value !== null) address.set(name, value);
  }
  expect(filterOf(address)).toEqual(filter);
});

test("an address without a filter, or with nonsense in it, narrows nothing", () => {
  const nothing = {
    cameras: [],
    category: null,
    type: null,
    colour: null,
    from: null,
    to: null,
    othersOnly: false,
  };
  expect(filterOf(new URLSearchParams())).toEqual(nothing);
  expect(filterOf(new URLSearchParams("cameras=a,&type=car&from=&to=soon&others=yes"))).toEqual(nothing);
});

test("arrows stop at the edges of the grid", () => {
  expect(stepped(0, -1, 10)).toBe(0);
  expect(stepped(4, 5, 10)).toBe(9);
  expect(stepped(5, 5, 10)).toBe(5);
});

test("a type that the network reads stands in the address by its name", () => {
  const filter = filterOf(new URLSearchParams("type=van"));
  expect([filter.type, filter.category]).toEqual(["van", null]);
  expect(addressOf(filter).type).toBe("van");
});
