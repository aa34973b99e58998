// @vitest-environment jsdom
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { useRef, useState } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { server, show } from "@/app/testing/page";
import { SceneClock } from "@/lib/player/clock";
import { useFrameTimes } from "@/lib/player/getFrameTimes";
import { type Transport as Playing, useTransport } from "../hooks/useTransport";
import { Transport } from "./Transport";

/** Ten frames a second, from second 2 of the scene on. */
const TIMES = Array.from({ length: 50 }, (_, frame) => frame / 10);
const VIDEO = {
  id: 3,
  start_s: 2,
  duration_s: 5,
  width: 640,
  height: 360,
  proxy_url: "/video.mp4",
  poster_url: null,
};

let clock: SceneClock;
let transport: Playing;
let timesCome: () => void;

beforeEach(() => {
  clock = new SceneClock(60);
  const come = new Promise<void>((resolve) => {
    timesCome = resolve;
  });
  server.use(
    http.get("*/api/v1/videos/3/frame-times", async () => {
      await come;
      return HttpResponse.json({ times_s: TIMES });
    }),
  );
  show(<Bench />);
});

function Bench() {
  const field = useRef<HTMLInputElement>(null);
  const times = useFrameTimes(VIDEO.id).data;
  const [video] = useState(VIDEO);
  transport = useTransport(clock, video, times);
  return <Transport transport={transport} readFrame={String} field={field} />;
}

const goTo = (place: string) =>
  userEvent.type(screen.getByLabelText("Go to a frame or time"), `${place}{Enter}`);

/** The middle of a frame, in seconds of the scene. */
const at = (frame: number) => expect(clock.time).toBeCloseTo(VIDEO.start_s + frame / 10 + 0.05, 6);

test.each([
  ["12", 12],
  ["0:03.5", 35],
  ["900", 49],
])("%s, asked for before the frame times are there, is gone to when they come", async (place, frame) => {
  await goTo(place);
  expect(clock.time).toBe(0);
  timesCome();
  await waitFor(() => at(frame));
});

test("steps count from the frame that was asked for, and the newest wish holds", async () => {
  await goTo("7");
  await goTo("20");
  transport.step(2);
  transport.step(-1);
  timesCome();
  await waitFor(() => at(21));
});

describe("the way back", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  const waited = () => act(() => void vi.advanceTimersByTime(800));

  test("that was ended before the frame times came leads nowhere when they come", async () => {
    await goTo("30");
    transport.shuttle.back();
    waited();
    transport.shuttle.stop();
    timesCome();
    await vi.waitFor(() => at(30), { timeout: 30_000 });
  });

  test("that was begun before the frame times came goes on when they come", async () => {
    await goTo("30");
    transport.shuttle.back();
    timesCome();
    await vi.waitFor(() => expect(clock.time).not.toBe(0), { timeout: 30_000 });
    const begun = clock.time;
    waited();
    expect(clock.time).toBeCloseTo(begun - 1, 6);
  });
});

test("with the frame times there the picture moves at once", async () => {
  timesCome();
  await waitFor(() => expect(transport.frameCount).toBe(50));
  await goTo("30");
  at(30);
  transport.seek((times) => times.length - 1);
  at(49);
});
