// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { usePicture } from "./usePicture";

const TIMES = [0, 0.1, 0.2, 0.3, 0.4];

/** A video element whose pictures the test puts on screen. */
function standingVideo() {
  const element = document.createElement("video");
  let waiting: VideoFrameRequestCallback | null = null;
  element.requestVideoFrameCallback = (callback) => {
    waiting = callback;
    return 1;
  };
  element.cancelVideoFrameCallback = () => {
    waiting = null;
  };
  const present = (mediaTime: number): void => waiting?.(0, { mediaTime } as VideoFrameCallbackMetadata);
  const seekedTo = (time: number): void => {
    element.currentTime = time;
    element.dispatchEvent(new Event("seeked"));
  };
  return { element, present, seekedTo };
}

function watch(element: HTMLVideoElement): number[] {
  const told: number[] = [];
  renderHook(() => usePicture({ current: element }, TIMES, (frame) => told.push(frame)));
  return told;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells each picture that the browser reports", () => {
  const { element, present } = standingVideo();
  const told = watch(element);
  present(0.1);
  present(0.2000004);
  expect(told).toEqual([1, 2]);
});

it("a standing video whose picture after a seek was never reported shows the frame at its place", () => {
  const { element, present, seekedTo } = standingVideo();
  const told = watch(element);
  present(0);
  seekedTo(0.35);
  vi.runAllTimers();
  expect(told).toEqual([0, 3]);
});

it("a reported picture is told once", () => {
  const { element, present, seekedTo } = standingVideo();
  const told = watch(element);
  seekedTo(0.35);
  present(0.3);
  vi.runAllTimers();
  expect(told).toEqual([3]);
});

it("the picture before the seek, reported late, does not stand for the one after it", () => {
  const { element, present, seekedTo } = standingVideo();
  const told = watch(element);
  seekedTo(0.35);
  present(0);
  vi.runAllTimers();
  expect(told).toEqual([0, 3]);
});

it("the picture before the seek, reported after the one at its place was worked out, does not stay", () => {
  const { element, present, seekedTo } = standingVideo();
  const told = watch(element);
  seekedTo(0.35);
  vi.runAllTimers();
  present(0);
  vi.runAllTimers();
  expect(told).toEqual([3, 0, 3]);
});
