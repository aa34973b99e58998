// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { registry } from "@/lib/actions/registry";
import { SceneClock } from "@/lib/player/clock";
import { useStep } from "./useStep";

const TIMES = [0, 0.5, 1, 1.5];
const VIDEO = { id: 3, start_s: 10, duration_s: 2, width: 640, height: 360, proxy_url: "", poster_url: null };
const CAMERAS = [{ id: 1, name: "c001", videos: [VIDEO], problem: null }];

let clock: SceneClock;

beforeEach(() => {
  clock = new SceneClock(60, 10);
});

function Steps() {
  const step = useStep(CAMERAS, null, clock);
  return (
    <button type="button" onClick={() => step(1)}>
      on
    </button>
  );
}

test("steps before the frame times have come are all made when they come", async () => {
  let come = (): void => {};
  const there = new Promise<void>((resolve) => {
    come = resolve;
  });
  server.use(
    http.get("*/videos/3/frame-times", async () => {
      await there;
      return HttpResponse.json({ times_s: TIMES });
    }),
  );
  show(<Steps />);
  for (let press = 0; press < 2; press++) await userEvent.click(screen.getByText("on"));
  expect(clock.time).toBe(10);
  come();
  await waitFor(() => expect(clock.time).toBe(11.25));
});

test("where the frame times cannot be read, that is said", async () => {
  const tell = vi.spyOn(registry, "tell");
  server.use(http.get("*/videos/3/frame-times", () => problem(404, "not-found", "There is no such video.")));
  show(<Steps />);
  await userEvent.click(screen.getByText("on"));
  await waitFor(() => expect(tell).toHaveBeenCalledWith("There is no stepping: There is no such video."));
  expect(clock.time).toBe(10);
});
