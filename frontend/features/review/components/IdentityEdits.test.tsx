// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { aGivenVerdict, anOperation } from "../testing";
import { IdentityEdits } from "./IdentityEdits";

const SCENE = "*/api/v1/scenes/1";

let sent: [string, unknown][];

function answerWith(joined: number[]) {
  const effect = { ...anOperation(9).effect, joined };
  return http.post(`${SCENE}/identities/:edit`, async ({ request, params }) => {
    sent.push([String(params.edit), await request.json()]);
    return HttpResponse.json(aGivenVerdict(anOperation(9, { effect })), { status: 201 });
  });
}

function edits(marked: number[], onDone = vi.fn()) {
  show(<IdentityEdits sceneId={1} runId={3} number={12} trackletCount={3} marked={marked} onDone={onDone} />);
  return onDone;
}

beforeEach(() => {
  sent = [];
});

test("a merge sends both numbers and goes on under the number that took the other in", async () => {
  server.use(answerWith([5]));
  const onDone = edits([]);
  await userEvent.type(screen.getByLabelText("Merge with identity"), "5{Enter}");
  await waitFor(() => expect(onDone).toHaveBeenCalledWith(5));
  expect(sent).toEqual([["merge", { run: 3, numbers: [12, 5] }]]);
});

test("marked tracklets are split off, unless all of them or none are marked", async () => {
  server.use(answerWith([]));
  const onDone = edits([8]);
  await userEvent.click(screen.getByText("Split 1 tracklet off"));
  await waitFor(() => expect(onDone).toHaveBeenCalledWith(12));
  expect(sent).toEqual([["split", { tracklets: [8] }]]);
  expect(await screen.findByText("Undo")).toBeDefined();
});

test("all or none cannot be split off", () => {
  edits([7, 8, 9]);
  expect(screen.getByText("Split 3 tracklets off").closest("button")).toHaveProperty("disabled", true);
});

test("a refusal says why", async () => {
  server.use(
    http.post(`${SCENE}/identities/confirm`, () => problem(409, "run-not-current", "Another run is shown.")),
  );
  edits([]);
  await userEvent.click(screen.getByText("Confirm: one vehicle"));
  expect((await screen.findByRole("alert")).textContent).toBe("Another run is shown.");
});
