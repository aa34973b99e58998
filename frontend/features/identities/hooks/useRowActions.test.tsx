// @vitest-environment jsdom
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { HotKeys } from "@/components/HotKeys";
import { nextRow, useRowActions, walked } from "./useRowActions";

afterEach(cleanup);

test("keys open the first identity, then the next ones, and stop at the ends", () => {
  const numbers = [7, 3, 9];
  expect(nextRow(numbers, null, 1)).toBe(0);
  expect(nextRow(numbers, 7, 1)).toBe(1);
  expect(nextRow(numbers, 9, 1)).toBe(2);
  expect(nextRow(numbers, 3, -1)).toBe(0);
  expect(nextRow(numbers, 7, -1)).toBe(0);
  expect(nextRow(numbers, 44, -1)).toBe(0);
});

test("a step beyond the last row that is there waits for more, and those after it too", () => {
  const listed = { numbers: [7, 3, 9], isMoreComing: true };
  expect(walked(listed, 3, [1, 1, -1])).toEqual({ at: 9, waits: [1, -1] });
  expect(walked({ ...listed, isMoreComing: false }, 3, [1, 1, -1])).toEqual({ at: 3, waits: [] });
  expect(walked({ ...listed, numbers: [7, 3, 9, 5] }, 9, [1, -1])).toEqual({ at: 9, waits: [] });
  expect(walked({ ...listed, numbers: [] }, null, [1])).toEqual({ at: null, waits: [1] });
  expect(walked({ numbers: [], isMoreComing: false }, null, [1])).toEqual({ at: null, waits: [] });
});

interface Props {
  numbers: readonly number[] | undefined;
  isMoreComing?: boolean;
  selected?: number | null;
  onOpen: (number: number, row: number) => void;
}

function List({ numbers, isMoreComing = false, selected = null, onOpen }: Props) {
  useRowActions({ numbers, isMoreComing }, selected, onOpen);
  return <HotKeys />;
}

function press(key: string): void {
  fireEvent.keyDown(document.body, { key, code: `Key${key.toUpperCase()}` });
  fireEvent.keyUp(document.body, { key, code: `Key${key.toUpperCase()}` });
}

test("a key that is pressed before the list has come opens its identity when it comes", () => {
  const onOpen = vi.fn();
  const page = render(<List numbers={undefined} onOpen={onOpen} />);
  press("j");
  expect(onOpen).not.toHaveBeenCalled();
  page.rerender(<List numbers={[7, 3, 9]} onOpen={onOpen} />);
  expect(onOpen.mock.calls).toEqual([[7, 0]]);
});

test("keys that are quicker than the page go on from where the last one led", () => {
  const onOpen = vi.fn();
  render(<List numbers={[7, 3, 9]} onOpen={onOpen} />);
  for (const key of ["j", "j", "j", "k"]) press(key);
  expect(onOpen.mock.calls.map(([number]) => number)).toEqual([7, 3, 9, 3]);
});

test("a key at the end of a list that goes on opens the next row when that has come", () => {
  const onOpen = vi.fn();
  const page = render(<List numbers={[7, 3]} isMoreComing selected={3} onOpen={onOpen} />);
  press("j");
  expect(onOpen).not.toHaveBeenCalled();
  page.rerender(<List numbers={[7, 3, 9]} selected={3} onOpen={onOpen} />);
  expect(onOpen.mock.calls).toEqual([[9, 2]]);
});

test("a page that follows more slowly than the keys leads none of them back", () => {
  const onOpen = vi.fn();
  const numbers = [7, 3, 9, 5];
  const page = render(<List numbers={numbers} onOpen={onOpen} />);
  for (const key of ["j", "j", "j"]) press(key);
  page.rerender(<List numbers={numbers} selected={7} onOpen={onOpen} />);
  press("j");
  expect(onOpen.mock.calls.map(([number]) => number)).toEqual([7, 3, 9, 5]);
});

test("a row that is clicked meanwhile is where keys go on from", () => {
  const onOpen = vi.fn();
  const numbers = [7, 3, 9, 5];
  const page = render(<List numbers={numbers} onOpen={onOpen} />);
  press("j");
  page.rerender(<List numbers={numbers} selected={7} onOpen={onOpen} />);
  page.rerender(<List numbers={numbers} selected={9} onOpen={onOpen} />);
  press("j");
  expect(onOpen).toHaveBeenLastCalledWith(5, 3);
});
