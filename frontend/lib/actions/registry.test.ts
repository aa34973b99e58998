import { describe, expect, test, vi } from "vitest";
import { type Action, keyCaps } from "./action";
import { ActionRegistry, grouped } from "./registry";

function action(id: string, group = "Go", keys?: string): Action {
  return { id, title: id, group, perform: () => {}, ...(keys ? { keys } : {}) };
}

describe("the action registry", () => {
  test("lists what every owner on screen adds, and forgets it when the owner leaves", () => {
    const registry = new ActionRegistry();
    const page = Symbol("page");
    registry.put(Symbol("shell"), [action("scenes")]);
    registry.put(page, [action("play"), action("step")]);
    expect(registry.actions().map(({ id }) => id)).toEqual(["scenes", "play", "step"]);
    registry.remove(page);
    expect(registry.actions().map(({ id }) => id)).toEqual(["scenes"]);
  });

  test("an owner's new list replaces its old one", () => {
    const registry = new ActionRegistry();
    const page = Symbol("page");
    registry.put(page, [action("play", "Video", "space")]);
    registry.put(page, [action("pause", "Video", "space")]);
    expect(registry.actions().map(({ id }) => id)).toEqual(["pause"]);
  });

  test("refuses two actions on one key, and two with one name", () => {
    const registry = new ActionRegistry();
    registry.put(Symbol("shell"), [action("scenes", "Go", "g>s")]);
    expect(() => registry.put(Symbol("page"), [action("same", "Review", "s,g>s")])).toThrow(
      "g>s is the key of scenes",
    );
    expect(() => registry.put(Symbol("page"), [action("scenes")])).toThrow("two actions are called scenes");
    expect(registry.actions()).toHaveLength(1);
  });

  test("tells its listeners about changes", () => {
    const registry = new ActionRegistry();
    const listener = vi.fn();
    const leave = registry.subscribe(listener);
    registry.put(Symbol("a"), [action("one")]);
    leave();
    registry.put(Symbol("b"), [action("two")]);
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

test("groups keep their order and their actions", () => {
  const groups = grouped([action("a", "Go"), action("b", "Video"), action("c", "Go")]);
  expect(groups.map(([name, list]) => [name, list.map(({ id }) => id)])).toEqual([
    ["Go", ["a", "c"]],
    ["Video", ["b"]],
  ]);
});

test("keys are printed as on the key caps", () => {
  expect(keyCaps("g>s")).toEqual([["G", "then", "S"]]);
  expect(keyCaps("mod+k")).toEqual([["Ctrl", "K"]]);
  expect(keyCaps("arrowleft,j")).toEqual([["←"], ["J"]]);
  expect(keyCaps("shift+?")).toEqual([["?"]]);
});
