// @vitest-environment jsdom
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { expect, test } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { HotKeys } from "@/components/HotKeys";
import type { Plan } from "../api/plan";
import { placing, planDraftOf, planMapping, withCamera } from "../planDraft";
import { PlanEditor } from "./PlanEditor";

/** Half a metre a pixel, north up. */
const PLAN: Plan = {
  version: 3,
  is_working: false,
  problem: "",
  picture_url: "/plan.png",
  width: 200,
  height: 100,
  unit: "metres",
  pairs: [
    { pixel: [0, 100], place: [0, 0] },
    { pixel: [200, 100], place: [100, 0] },
  ],
  cameras: [{ camera: 7, pixel: [50, 80] }],
  errors_m: [0, 0],
  rms_m: 0,
  metres_per_pixel: 0.5,
  to_ground: [0.5, 0, 0, 0, -0.5, 50],
  to_degrees: null,
};
const CAMERAS = [
  { id: 7, name: "c001" },
  { id: 8, name: "c002" },
];

/** Whether "Save the plan" can be pressed. */
const canSave = (): boolean =>
  screen.getByRole("button", { name: "Save the plan" }).getAttribute("aria-disabled") === "false";

test("cameras are put on the plan and moved without pointing at it, and saved on the version that was read", async () => {
  const sent: unknown[] = [];
  server.use(
    http.put("*/api/v1/scenes/1/plan", async ({ request }) => {
      sent.push(request.headers.get("If-Match"), await request.json());
      return HttpResponse.json({ ...PLAN, version: 4 });
    }),
  );
  show(
    <>
      <HotKeys />
      <PlanEditor sceneId={1} plan={PLAN} cameras={CAMERAS} mayChange onReload={() => {}} />
    </>,
  );
  const user = userEvent.setup();
  expect(screen.getByText(/A pixel is 0.500 m/)).toBeDefined();
  expect(canSave()).toBe(false);
  act(() => screen.getByRole("button", { name: "Camera c001, at 50, 80" }).focus());
  await user.keyboard("{ArrowRight}{Shift>}{ArrowUp}{/Shift}");
  await user.click(screen.getByRole("combobox", { name: "A click on the plan" }));
  await user.click(await screen.findByRole("option", { name: "puts camera c002 there", hidden: true }));
  await user.click(await screen.findByRole("button", { name: "Put c002 in the middle" }));
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[0]).toBe('"3"');
  const cameras = [
    { camera: 7, pixel: [51, 70] },
    { camera: 8, pixel: [100, 50] },
  ];
  expect(sent[1]).toEqual({ unit: "metres", pairs: PLAN.pairs, cameras });
});

test("a new point waits for its place before the plan can be saved", async () => {
  show(<PlanEditor sceneId={1} plan={PLAN} cameras={CAMERAS} mayChange onReload={() => {}} />);
  await userEvent.click(screen.getByRole("button", { name: "Add a point" }));
  expect(canSave()).toBe(false);
  await userEvent.type(screen.getByRole("textbox", { name: "x, m east of point 3" }), "50");
  await userEvent.type(screen.getByRole("textbox", { name: "y, m north of point 3" }), "25");
  expect(canSave()).toBe(true);
});

test("mine goes on over another picture that somebody brought, and when it is saved nobody else has changed anything", async () => {
  const brought = {
    ...PLAN,
    version: 4,
    width: 400,
    height: 300,
    pairs: [],
    cameras: [],
    metres_per_pixel: null,
  };
  server.use(
    http.put("*/api/v1/scenes/1/plan", async ({ request }) => {
      const placed = (await request.json()) as Pick<Plan, "unit" | "pairs" | "cameras">;
      const saved = { ...brought, ...placed, version: 5, metres_per_pixel: 0.5 };
      setStored(saved);
      return HttpResponse.json(saved);
    }),
  );
  let setStored: (plan: Plan) => void = () => {};
  function Page() {
    const [plan, setPlan] = useState(PLAN);
    setStored = setPlan;
    return <PlanEditor sceneId={1} plan={plan} cameras={CAMERAS} mayChange onReload={() => {}} />;
  }
  show(<Page />);
  act(() => screen.getByRole("button", { name: "Camera c001, at 50, 80" }).focus());
  await userEvent.keyboard("{ArrowRight}");
  act(() => setStored(brought));
  expect(screen.getByRole("alert").textContent).toContain("a picture of 400 x 300 pixels");
  await userEvent.click(screen.getByRole("button", { name: "Go on with mine" }));
  await userEvent.click(screen.getByRole("button", { name: "Save the plan" }));
  await screen.findByText(/A pixel is 0.500 m/, undefined, { timeout: 60_000 });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(canSave()).toBe(false);
  screen.getByRole("button", { name: "Camera c001, at 51, 80" });
});

test("a picture that could not be read says why, and viewers bring none", () => {
  const none = { ...PLAN, picture_url: null, problem: "the picture cannot be read" };
  show(<PlanEditor sceneId={1} plan={none} cameras={CAMERAS} mayChange={false} onReload={() => {}} />);
  expect(screen.getByRole("alert").textContent).toBe("the picture cannot be read");
  expect(screen.queryByRole("button", { name: "Choose a picture" })).toBeNull();
});

test("the same picture can be chosen again after it did not get there", async () => {
  let asked = 0;
  server.use(
    http.put("*/api/v1/scenes/1/plan/picture", () => {
      asked += 1;
      return problem(503, "away", "The site is away for a moment.");
    }),
  );
  show(<PlanEditor sceneId={1} plan={PLAN} cameras={CAMERAS} mayChange onReload={() => {}} />);
  const picture = new File(["pixels"], "city.png", { type: "image/png" });
  for (const times of [1, 2]) {
    await userEvent.upload(screen.getByLabelText("Picture of the plan"), picture);
    await waitFor(() => expect(asked).toBe(times));
    await screen.findByText("The site is away for a moment.");
  }
});

test("one point alone places nothing, and a camera is taken off again", () => {
  const draft = planDraftOf(PLAN);
  expect(placing({ ...draft, pairs: draft.pairs.slice(1) })).toBeNull();
  expect(placing(withCamera(draft, 7, null))?.cameras).toEqual([]);
});

test("a click on the plan is a place, and that place is the pixel again", () => {
  const mapping = planMapping(PLAN, "metres");
  expect(mapping?.place([50, 80])).toEqual([25, 10]);
  expect(mapping?.pixel([25, 10])).toEqual([50, 80]);
  expect(planMapping(PLAN, "degrees")).toBeNull();
});
