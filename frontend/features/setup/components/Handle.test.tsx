// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { Point } from "../regionDraft";
import { Handle } from "./Handle";

beforeAll(() => {
  // jsdom lays nothing out: a pixel of the drawing is one of the screen, and no pointer is captured.
  Object.assign(SVGElement.prototype, {
    getScreenCTM: () => ({ inverse: () => undefined }),
    setPointerCapture: () => undefined,
  });
  Object.assign(window, {
    DOMPoint: class {
      constructor(
        readonly x: number,
        readonly y: number,
      ) {}

      matrixTransform() {
        return this;
      }
    },
  });
});
afterEach(cleanup);

test.each(["pointerUp", "pointerCancel"] as const)("after %s the pointer moves the point no more", (end) => {
  const moves: Point[] = [];
  render(
    <svg>
      <title>drawing</title>
      <Handle at={[10, 10]} unit={1} label="corner" onMove={(to) => moves.push(to)} />
    </svg>,
  );
  const handle = screen.getByRole("button", { name: "corner" });
  fireEvent.pointerDown(handle, { button: 0, clientX: 12, clientY: 10 });
  fireEvent.pointerMove(handle, { clientX: 32, clientY: 15 });
  fireEvent[end](handle);
  fireEvent.pointerMove(handle, { clientX: 90, clientY: 90 });
  expect(moves).toEqual([[30, 15]]);
});
