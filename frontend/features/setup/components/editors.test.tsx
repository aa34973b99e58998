// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { Profiler, useReducer, useState } from "react";
import { expect, test, vi } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { HotKeys } from "@/components/HotKeys";
import type { Setup } from "../api/getSetup";
import { CalibrationEditor } from "./CalibrationEditor";
import { LinksEditor } from "./LinksEditor";
import { RegionEditor } from "./RegionEditor";

const VIDEO = { id: 3, proxy_url: "/proxy", poster_url: null, width: 960, height: 540 };
const SETUP: Setup = {
  camera: 7,
  name: "c001",
  version: 4,
  size: VIDEO,
  polygons: null,
  roi_url: null,
  lens: null,
  calibration: null,
};
const TIMES = http.get("*/api/v1/videos/3/frame-times", () => HttpResponse.json({ times_s: [0, 0.1] }));

function region() {
  return (
    <RegionEditor
      sceneId={1}
      setup={SETUP}
      video={VIDEO}
      chosen={{ frame: 0, onFrame: () => {} }}
      mayChange
      onReload={() => {}}
    />
  );
}

test("a region is drawn by keys alone and saved on the version that was read", async () => {
  const sent: unknown[] = [];
  server.use(
    TIMES,
    http.put("*/api/v1/cameras/7/setup/region", async ({ request }) => {
      sent.push(request.headers.get("If-Match"), await request.json());
      return HttpResponse.json({ ...SETUP, version: 5 });
    }),
  );
  show(
    <>
      <HotKeys />
      {region()}
    </>,
  );
  const user = userEvent.setup();
  for (const keys of ["{Shift>}{ArrowUp}{/Shift}", "{ArrowRight}", "{Shift>}{ArrowDown}{/Shift}"]) {
    await user.click(screen.getByRole("button", { name: "Add a corner" }));
    await user.keyboard(keys);
  }
  expect(screen.getByRole("button", { name: /^Save/ }).getAttribute("aria-disabled")).toBe("true");
  await user.keyboard("{Control>}s{/Control}");
  expect(sent).toHaveLength(0);
  await user.keyboard("c");
  await screen.findByRole("button", { name: "Save the region" });
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[0]).toBe('"4"');
  expect(sent[1]).toEqual({
    polygons: [
      [
        [480, 260],
        [481, 270],
        [480, 280],
      ],
    ],
  });
});

test("a region that somebody saved meanwhile leaves what is drawn, which can be saved over it", async () => {
  const sent: unknown[] = [];
  const theirs = [
    [
      [0, 0],
      [9, 0],
      [9, 9],
    ],
  ];
  server.use(
    TIMES,
    http.put("*/api/v1/cameras/7/setup/region", ({ request }) => {
      sent.push(request.headers.get("If-Match"));
      return problem(409, "stale-version", "Somebody was faster.");
    }),
  );
  function Page() {
    const [setup, setSetup] = useState<Setup>({ ...SETUP, roi_url: "/roi" });
    const onReload = () => setSetup({ ...SETUP, version: 5, polygons: theirs });
    return <RegionEditor {...region().props} setup={setup} onReload={onReload} />;
  }
  show(<Page />);
  const user = userEvent.setup();
  const press = (name: string | RegExp) => user.click(screen.getByRole("button", { name }));
  await press("Save: everywhere");
  expect((await screen.findByRole("alert")).textContent).toContain("Somebody was faster.");
  for (const keys of ["{ArrowUp}", "{ArrowRight}", "{ArrowDown}"]) {
    await press("Add a corner");
    await user.keyboard(keys);
  }
  await press(/^Close the region/);
  await press("Load what is stored now");
  expect(screen.getByRole("alert").textContent).toContain("Stored now: 1 region (dashed in the picture)");
  screen.getByRole("button", { name: /^Corner 1 of region 1, at 480/ });
  await press("Save the region");
  expect(sent).toEqual(['"4"']);
  await press("Go on with mine");
  await press("Save the region");
  await waitFor(() => expect(sent).toEqual(['"4"', '"5"']));
  screen.getByRole("button", { name: /^Corner 1 of region 1, at 480/ });
});

test("who may only look changes nothing", () => {
  server.use(TIMES);
  show(<RegionEditor {...region().props} mayChange={false} />);
  expect(screen.queryByRole("button")).toBeNull();
});

test("a way that vehicles took becomes a link with its window", async () => {
  const sent: unknown[] = [];
  server.use(
    http.put("*/api/v1/scenes/1/links", async ({ request }) => {
      sent.push(request.headers.get("If-Match"), await request.json());
      return HttpResponse.json([]);
    }),
  );
  const nodes = [
    { id: 1, name: "c001", place: null },
    { id: 2, name: "c002", place: null },
  ];
  const bars = { start_s: 4, width_s: 1, counts: [3, 1] };
  const learned = [{ source: 1, target: 2, matches: 4, min_s: 2, max_s: 8, median_s: 4.5, bars }];
  const props = { sceneId: 1, links: [], version: 9, nodes, learned, mayChange: true, onReload: () => {} };
  show(<LinksEditor {...props} />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Link 2 to 8 s" }));
  const longest = screen.getByRole("textbox", { name: "Longest time from c001 to c002, seconds" });
  await user.clear(longest);
  await user.type(longest, "12.5");
  await user.click(screen.getByRole("button", { name: "Save the links" }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[0]).toBe('"9"');
  expect(sent[1]).toEqual({ links: [{ source: 1, target: 2, min_s: 2, max_s: 12.5, origin: "manual" }] });
});

test("two links from one camera: choosing it again keeps it chosen, and what cannot be added says why", async () => {
  const nodes = [1, 2, 3].map((id) => ({ id, name: `c00${id}`, place: null }));
  const props = {
    sceneId: 1,
    links: [],
    version: 9,
    nodes,
    learned: [],
    mayChange: true,
    onReload: () => {},
  };
  show(<LinksEditor {...props} />);
  const user = userEvent.setup();
  const choose = async (end: string, name: string) => {
    await user.click(screen.getByLabelText(end, { selector: "input" }));
    const listed = await screen.findAllByRole("option", { name, hidden: true });
    await user.click(listed[end.startsWith("From") ? 0 : listed.length - 1] as HTMLElement);
  };
  for (const target of ["c002", "c003"]) {
    await choose("From camera", "c001");
    await choose("To camera", target);
    await user.click(screen.getByRole("button", { name: "Add the link" }));
    await screen.findByLabelText(`Shortest time from c001 to ${target}, seconds`);
  }
  screen.getByText("This link is in the list.");
  await choose("To camera", "c001");
  screen.getByText("A link joins two cameras.");
});

test("a calibration in degrees that one takes away oneself is nobody else's change", async () => {
  server.use(TIMES);
  const pairs = [{ pixel: [5, 5], place: [48, 11] }];
  const calibration = { unit: "degrees", pairs, metres_to_image: null };
  let setStored: (setup: Setup) => void = () => {};
  server.use(
    http.delete("*/api/v1/cameras/7/setup/calibration", () => {
      setStored({ ...SETUP, version: 5 });
      return HttpResponse.json({ ...SETUP, version: 5 });
    }),
  );
  function Page() {
    const [setup, setSetup] = useState({ ...SETUP, calibration } as unknown as Setup);
    setStored = setSetup;
    return <CalibrationEditor {...region().props} setup={setup} plan={null} />;
  }
  show(<Page />);
  act(() => screen.getByRole("button", { name: "Point 1, at 5, 5" }).focus());
  await userEvent.keyboard("{Delete}");
  await userEvent.click(screen.getByRole("button", { name: "Take the calibration away" }));
  await screen.findByText(/^Not calibrated/, undefined, { timeout: 60_000 });
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a calibration that nobody changes is drawn once, not again and again", () => {
  server.use(TIMES);
  const pairs = [1, 2, 3, 4].map((x) => ({ pixel: [x, x * x], place: [x, x * x] }));
  const calibration = { unit: "metres", pairs, metres_to_image: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const setup = { ...SETUP, calibration } as unknown as Setup;
  const drawn = vi.fn();
  function Page() {
    const [, again] = useReducer((count: number) => count + 1, 0);
    return (
      <Profiler id="page" onRender={drawn}>
        <button type="button" onClick={again}>
          Again
        </button>
        <CalibrationEditor {...region().props} setup={setup} mayChange={false} />
      </Profiler>
    );
  }
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    show(<Page />);
    fireEvent.click(screen.getByRole("button", { name: "Again" }));
    act(() => void vi.advanceTimersByTime(1000));
    drawn.mockClear();
    for (let second = 0; second < 5; second++) act(() => void vi.advanceTimersByTime(1000));
    expect(drawn).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
});
