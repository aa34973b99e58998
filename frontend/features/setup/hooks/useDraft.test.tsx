// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { type Drafting, useDraft } from "./useDraft";

afterEach(cleanup);

interface Stored {
  readonly version: number;
  readonly words: string;
  /** What is no part of the draft. */
  readonly beside?: string;
}

const DRAFTING: Drafting<Stored, string> = {
  draftOf: ({ words }) => words,
  isSame: (one, other) => one === other,
};

function drafted(stored: Stored) {
  return renderHook((now: Stored) => useDraft(now, DRAFTING), { initialProps: stored });
}

test("what nobody has changed here follows what is stored", () => {
  const page = drafted({ version: 1, words: "road" });
  page.rerender({ version: 2, words: "street" });
  expect(page.result.current).toMatchObject({ draft: "street", isChanged: false, newer: null });
});

test("what is drawn stays when another version comes in, on the version that it was begun with", () => {
  const page = drafted({ version: 1, words: "road" });
  act(() => page.result.current.change("my road"));
  page.rerender({ version: 2, words: "street" });
  expect(page.result.current).toMatchObject({
    draft: "my road",
    base: { version: 1 },
    newer: { words: "street" },
  });
});

test("mine goes on, on the newest version, and can still be undone", () => {
  const page = drafted({ version: 1, words: "road" });
  act(() => page.result.current.change("my road"));
  page.rerender({ version: 2, words: "street" });
  act(() => page.result.current.takeMine());
  expect(page.result.current).toMatchObject({ draft: "my road", base: { version: 2 }, newer: null });
  act(() => page.result.current.undo());
  expect(page.result.current).toMatchObject({ draft: "road", isChanged: true });
});

test("theirs takes the place of mine when that is chosen", () => {
  const page = drafted({ version: 1, words: "road" });
  act(() => page.result.current.change("my road"));
  page.rerender({ version: 2, words: "street" });
  act(() => page.result.current.takeTheirs());
  expect(page.result.current).toMatchObject({ draft: "street", isChanged: false, canUndo: false });
});

test("a version that changed something else is gone on with, without a word", () => {
  const page = drafted({ version: 1, words: "road" });
  act(() => page.result.current.change("my road"));
  page.rerender({ version: 2, words: "road", beside: "calibrated" });
  expect(page.result.current).toMatchObject({ draft: "my road", base: { version: 2 }, newer: null });
});

test("what is drawn while one's own change is saved stays, and is nobody else's", () => {
  const page = drafted({ version: 1, words: "road" });
  act(() => page.result.current.change("my road"));
  act(() => page.result.current.send("my road"));
  act(() => page.result.current.change("my long road"));
  page.rerender({ version: 2, words: "my road" });
  expect(page.result.current).toMatchObject({ draft: "my long road", isChanged: true, newer: null });
});
