// @vitest-environment jsdom
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Action } from "@/lib/actions/action";
import { registry } from "@/lib/actions/registry";
import { useActions } from "@/lib/actions/useActions";
import { HotKeys } from "./HotKeys";

afterEach(cleanup);

type Press = { key: string; code: string; shiftKey?: boolean; ctrlKey?: boolean; repeat?: boolean };

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

test("the second key of a sequence is not also a key of its own", () => {
  const go = vi.fn();
  const same = vi.fn();
  const actions: Action[] = [
    { id: "go", title: "Go", group: "Test", keys: "g>s", perform: go },
    { id: "same", title: "Same", group: "Test", keys: "s", perform: same },
  ];
  render(<Offering actions={actions} />);
  const [g, s] = KEYS.at(-1)?.[1] ?? [];
  if (!g || !s) throw new Error("no keys");
  press(document.body, [g, s]);
  expect([go, same].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  press(document.body, [s]);
  expect([go, same].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});

function sequence(): { go: Action; same: Action; done: string[] } {
  const done: string[] = [];
  const action = (id: string, keys: string): Action => ({
    ...{ id, title: id, group: "Test", keys },
    perform: () => done.push(id),
  });
  return { go: action("go", "g>s"), same: action("same", "s"), done };
}

/** A key as the browser tells of it at `at` milliseconds, however late the page comes to hear it. */
function pressAt(at: number, key: string): void {
  const event = new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, bubbles: true });
  Object.defineProperty(event, "timeStamp", { value: at });
  fireEvent(document.body, event);
}

test("a sequence goes on where what can be done changes between its keys", () => {
  const { go, same, done } = sequence();
  const page = render(<Offering actions={[go]} />);
  pressAt(0, "g");
  page.rerender(<Offering actions={[go, same]} />);
  pressAt(100, "s");
  expect(done).toEqual(["go"]);
});

test("a page that is busy between the keys of a sequence does both as they were pressed", () => {
  const { go, same, done } = sequence();
  vi.useFakeTimers();
  render(<Offering actions={[go, same]} />);
  pressAt(0, "g");
  vi.advanceTimersByTime(5000);
  pressAt(100, "s");
  vi.useRealTimers();
  expect(done).toEqual(["go"]);
  pressAt(6000, "g");
  pressAt(8000, "s");
  expect(done).toEqual(["go", "same"]);
});

test("pressed twice, the first key of a sequence counts once", () => {
  const { go, done } = sequence();
  render(<Offering actions={[go]} />);
  for (const [at, key] of [...["g", "g", "s"].entries()]) pressAt(at * 100, key);
  expect(done).toEqual(["go"]);
});

test("a key that is held down repeats a step, but not what happens once a press", () => {
  const held = { key: "s", code: "KeyS", repeat: true };
  const step = offer("s");
  for (const one of [{ ...held, repeat: false }, held, held]) fireEvent.keyDown(document.body, one);
  expect(step.perform).toHaveBeenCalledTimes(3);
  cleanup();
  const decide = vi.fn();
  render(
    <Offering
      actions={[{ id: "one", title: "One", group: "Test", keys: "s", oncePerPress: true, perform: decide }]}
    />,
  );
  for (const one of [{ ...held, repeat: false }, held, held]) fireEvent.keyDown(document.body, one);
  expect(decide).toHaveBeenCalledTimes(1);
});

test("the key of what cannot be done says why instead of doing it", () => {
  const perform = vi.fn();
  const tell = vi.spyOn(registry, "tell");
  const actions: Action[] = [
    {
      id: "split",
      title: "Split",
      group: "Test",
      keys: "s",
      unavailable: "Select a tracklet first.",
      perform,
    },
  ];
  render(<Offering actions={actions} />);
  press(document.body, [{ key: "s", code: "KeyS" }]);
  expect(perform).not.toHaveBeenCalled();
  expect(tell).toHaveBeenCalledWith("Split: Select a tracklet first.");
});
