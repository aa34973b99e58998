// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { expect, test } from "vitest";
import { server, show } from "@/app/testing/page";
import type { Schemas } from "@/lib/api/client";
import type { ClockOffset } from "../api/clocks";
import { offsetWords } from "../clockWords";
import { ClocksTable } from "./ClocksTable";

const TOLD: ClockOffset = {
  source: 1,
  target: 2,
  target_version: 4,
  confirmed: 8,
  there: 5,
  back: 3,
  at_one_place: 0,
  method: "both ways",
  matches: 8,
  offset_s: 1.804,
  error_s: 0.12,
  spread_s: 0.31,
  transit_s: 10,
  median_s: 11.8,
  link_s: [0, 9],
};
const SILENT: ClockOffset = {
  ...TOLD,
  back: 0,
  method: "",
  offset_s: null,
  error_s: null,
  spread_s: null,
  transit_s: null,
};
const SCENE = { starts_at: null, time_zone: "UTC" } as Schemas["Scene"];
const CAMERAS = [
  { id: 1, name: "c001", videos: [{ start_s: 0, start_origin: "stated" }] },
  { id: 2, name: "c002", videos: [] },
] as unknown as Schemas["Camera"][];

test("what is suggested is applied by a person alone, on the version that it was told from", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post("*/api/v1/cameras/2/setup/clock", async ({ request }) => {
      sent.push(request.headers.get("If-Match"), await request.json());
      return HttpResponse.json({});
    }),
  );
  show(<ClocksTable scene={SCENE} cameras={CAMERAS} offsets={[TOLD]} mayChange onReload={() => {}} />);
  expect(sent).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Set c002 1.8 s earlier" }));
  await expect.poll(() => sent).toEqual(['"4"', { seconds: -1.8 }]);
});

test("after the other camera's clock was set the suggestion is the new one", async () => {
  function ReadAgain() {
    const [offsets, setOffsets] = useState([TOLD]);
    return (
      <>
        <button type="button" onClick={() => setOffsets([{ ...TOLD, offset_s: 0.5 }])}>
          Read again
        </button>
        <ClocksTable scene={SCENE} cameras={CAMERAS} offsets={offsets} mayChange onReload={() => {}} />
      </>
    );
  }
  show(<ReadAgain />);
  expect(screen.getByRole("button", { name: "Set c002 1.8 s earlier" })).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Read again" }));
  expect(screen.getByText(/c002 is 0.50 s ahead of c001/)).toBeDefined();
  expect(screen.getByRole("button", { name: "Set c002 0.5 s earlier" })).toBeDefined();
});

test("the offset is said with its matches and spread, or why it cannot be told", () => {
  expect(offsetWords(TOLD, "c001", "c002")).toBe(
    "c002 is 1.80 s ahead of c001, ± 0.12 s by chance, and a second or two where the road is slower one way: 8 matches there and back, 10.0 s of road; single ones spread by 0.31 s.",
  );
  const silent = offsetWords(SILENT, "c001", "c002");
  expect(silent).toContain("It cannot be told: 5 matches from c001 to c002, 0 back.");
  expect(silent).toContain("took more than 11.8 s, outside of the link's window of 0 to 9 s");
});

test("viewers see what is said and set nothing", () => {
  show(
    <ClocksTable scene={SCENE} cameras={CAMERAS} offsets={[SILENT]} mayChange={false} onReload={() => {}} />,
  );
  expect(screen.getByText(/It cannot be told/)).toBeDefined();
  expect(screen.queryByRole("button", { name: /^Set/ })).toBeNull();
});

test("without an offset seconds are typed", async () => {
  show(<ClocksTable scene={SCENE} cameras={CAMERAS} offsets={[SILENT]} mayChange onReload={() => {}} />);
  const set = screen.getByRole<HTMLButtonElement>("button", { name: "Set c002 by these seconds" });
  expect(set.disabled).toBe(true);
  await userEvent.type(screen.getByLabelText(/^Seconds that c002 is set later/), "2.5");
  expect(set.textContent).toBe("Set c002 2.5 s later");
  expect(set.disabled).toBe(false);
});
