// @vitest-environment jsdom
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { HotKeys } from "@/components/HotKeys";
import { nextRow, useRowActions } from "./useRowActions";

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

interface Props {
  numbers: readonly number[] | undefined;
  onOpen: (number: number, row: number) => void;
}

function List({ numbers, onOpen }: Props) {
  useRowActions(numbers, null, onOpen);
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
