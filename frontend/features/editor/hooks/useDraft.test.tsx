// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { registry } from "@/lib/actions/registry";
import { track } from "../testing";
import type { Box, TrackBox } from "../types";
import { useDraft } from "./useDraft";
import type { Editor } from "./useEditor";

const BOX: Box = [10, 10, 50, 40];

/** A desk at frame 5 of a tracklet, of which the boxes are known or still on their way. */
function desk(boxes: readonly TrackBox[] | null) {
  const commit = vi.fn();
  const editor = {
    transport: { frameNow: () => 5 },
    selected: track(1, [[0, 9]]),
    commit,
    boxesAt: () => boxes,
    boxAt: () => boxes?.[0]?.box ?? null,
    video: { width: 640, height: 360 },
  } as unknown as Editor;
  return { commit, drafting: renderHook(() => useDraft(editor)).result.current };
}

test("no box is put on a frame of which the boxes have not come: it could lie on top of the one there", () => {
  const tell = vi.spyOn(registry, "tell");
  const { commit, drafting } = desk(null);
  drafting.add();
  drafting.nudge(1, 0, false);
  expect(commit).not.toHaveBeenCalled();
  expect(tell.mock.calls).toEqual(Array(2).fill(["The boxes of this frame are still coming."]));
});

test("with the boxes there, B keeps the tracklet's box of this frame", () => {
  const { commit, drafting } = desk([{ track: 1, box: BOX }]);
  drafting.add();
  expect(commit).toHaveBeenCalledWith({ op: "boxes", tracklet: 1, boxes: [{ frame: 5, box: BOX }] });
});
