// @vitest-environment jsdom
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { SpanStore, useSpan, useStillSpan } from "./spanStore";

const whole = { from: 0, to: 100 };

test("canvases follow every change, pages only where it comes to rest", async () => {
  const store = new SpanStore(whole);
  const every = renderHook(() => useSpan(store));
  const still = renderHook(() => useStillSpan(store));
  act(() => store.set({ from: 10, to: 20 }));
  act(() => store.set({ from: 30, to: 40 }));
  expect(every.result.current).toMatchObject({ span: { from: 30, to: 40 }, moving: true });
  expect(still.result.current).toEqual(whole);
  await waitFor(() => expect(still.result.current).toEqual({ from: 30, to: 40 }));
  expect(every.result.current.moving).toBe(false);
});

test("what is asked for beyond the whole stays within it", () => {
  const store = new SpanStore(whole, { from: 90, to: 130 });
  expect(store.read().span).toEqual({ from: 60, to: 100 });
});
