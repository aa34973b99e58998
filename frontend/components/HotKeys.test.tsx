// @vitest-environment jsdom
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { HotKeys } from "./HotKeys";

afterEach(cleanup);

type Press = { key: string; code: string; shiftKey?: boolean; ctrlKey?: boolean };

const KEYS: [string, Press[]][] = [
  ["space", [{ key: " ", code: "Space" }]],
  ["arrowleft", [{ key: "ArrowLeft", code: "ArrowLeft" }]],
  ["shift+arrowleft", [{ key: "ArrowLeft", code: "ArrowLeft", shiftKey: true }]],
  ["shift+?", [{ key: "?", code: "Slash", shiftKey: true }]],
  ["mod+k", [{ key: "k", code: "KeyK", ctrlKey: true }]],
  ["escape", [{ key: "Escape", code: "Escape" }]],
  ["[", [{ key: "[", code: "BracketLeft" }]],
  ["1", [{ key: "1", code: "Digit1" }]],
  ["home", [{ key: "Home", code: "Home" }]],
  [
    "g>s",
    [
      { key: "g", code: "KeyG" },
      { key: "s", code: "KeyS" },
    ],
  ],
];

function Offering({ actions }: { actions: readonly Action[] }) {
  useActions(actions);
  return (
    <>
      <HotKeys />
      <button type="button">play</button>
      <input aria-label="name" />
      <div role="slider" tabIndex={0} aria-valuenow={0} aria-label="time" />
    </>
  );
}

function offer(keys: string, inFields = false): { perform: () => void; page: ReturnType<typeof render> } {
  const perform = vi.fn();
  const actions: Action[] = [{ id: "one", title: "One", group: "Test", keys, inFields, perform }];
  return { perform, page: render(<Offering actions={actions} />) };
}

function press(target: Element, presses: readonly Press[]): void {
  for (const one of presses) {
    fireEvent.keyDown(target, one);
    fireEvent.keyUp(target, one);
  }
}

test.each(KEYS)("%s performs its action, once", (keys, presses) => {
  const { perform } = offer(keys);
  press(document.body, presses);
  expect(perform).toHaveBeenCalledTimes(1);
});

test("the space bar belongs to the button that has the focus, arrows to the slider", () => {
  const space = offer("space");
  press(space.page.getByText("play"), [{ key: " ", code: "Space" }]);
  expect(space.perform).not.toHaveBeenCalled();
  cleanup();
  const arrow = offer("arrowleft");
  press(arrow.page.getByRole("slider"), [{ key: "ArrowLeft", code: "ArrowLeft" }]);
  expect(arrow.perform).not.toHaveBeenCalled();
});

test("typing in a field performs nothing, except what is meant to work everywhere", () => {
  const plain = offer("g>s");
  press(plain.page.getByLabelText("name"), KEYS.at(-1)?.[1] ?? []);
  expect(plain.perform).not.toHaveBeenCalled();
  cleanup();
  const everywhere = offer("mod+k", true);
  press(everywhere.page.getByLabelText("name"), [{ key: "k", code: "KeyK", ctrlKey: true }]);
  expect(everywhere.perform).toHaveBeenCalledTimes(1);
});
