// @vitest-environment jsdom
import { useQuery } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { aGivenVerdict, anOperation } from "../testing";
import { IdentityEdits } from "./IdentityEdits";

const SCENE = "*/api/v1/scenes/1";

const SEEN = [{ number: 12, tracklets: [7, 8, 9] }];

let sent: [string, unknown][];

function answerWith(joined: number[]) {
  const effect = { ...anOperation(9).effect, joined };
  return http.post(`${SCENE}/identities/:edit`, async ({ request, params }) => {
    sent.push([String(params.edit), await request.json()]);
    return HttpResponse.json(aGivenVerdict(anOperation(9, { effect })), { status: 201 });
  });
}

function edits(marked: number[], onDone = vi.fn()) {
  show(
    <IdentityEdits
      sceneId={1}
      runId={3}
      number={12}
      tracklets={[7, 8, 9]}
      marked={marked}
      onMark={vi.fn()}
      withKeys={false}
      onDone={onDone}
    />,
  );
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
  expect(sent).toEqual([["merge", { run: 3, numbers: [12, 5], seen: SEEN }]]);
});

test("a merge that is stored when another identity is open leads nowhere", async () => {
  let come = (): void => {};
  const line = new Promise<void>((resolve) => {
    come = resolve;
  });
  const effect = { ...anOperation(9).effect, joined: [5] };
  server.use(
    http.post(`${SCENE}/identities/merge`, async () => {
      await line;
      return HttpResponse.json(aGivenVerdict(anOperation(9, { effect })), { status: 201 });
    }),
  );
  const onDone = vi.fn();
  show(<Opened onDone={onDone} />);
  await userEvent.type(screen.getByLabelText("Merge with identity"), "5{Enter}");
  await userEvent.click(screen.getByText("Open 40"));
  const merge = screen.getByText("Merge").closest("button");
  expect(merge?.dataset.loading).toBe("true");
  come();
  await waitFor(() => expect(merge?.dataset.loading).toBeUndefined());
  expect(onDone).not.toHaveBeenCalled();
});

function Opened({ onDone }: { onDone: (number: number) => void }) {
  const [number, open] = useState(12);
  return (
    <>
      <button type="button" onClick={() => open(40)}>
        Open 40
      </button>
      <IdentityEdits
        {...{ sceneId: 1, runId: 3, number, tracklets: [7, 8, 9], marked: [] }}
        {...{ onMark: vi.fn(), withKeys: false, onDone }}
      />
    </>
  );
}

test("the next edit waits until what the last one made is on the page", async () => {
  server.use(answerWith([]));
  let reread = (): void => {};
  const first = { tracklets: [7, 8, 9] };
  const then = new Promise<typeof first>((resolve) => {
    reread = () => resolve({ tracklets: [7, 9] });
  });
  const read = vi.fn().mockResolvedValueOnce(first).mockReturnValue(then);
  show(<AsRead read={read} />);
  await userEvent.click(await screen.findByText("Split 1 tracklet off"));
  await waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  const confirm = (): HTMLButtonElement | null => screen.getByText("Confirm: one vehicle").closest("button");
  expect(confirm()?.disabled).toBe(true);
  reread();
  await waitFor(() => expect(confirm()?.disabled).toBe(false));
  await userEvent.click(screen.getByText("Confirm: one vehicle"));
  const seen = [{ number: 12, tracklets: [7, 9] }];
  await waitFor(() => expect(sent[1]).toEqual(["confirm", { run: 3, number: 12, seen }]));
});

/** Identity 12 as `read` tells of it. */
function AsRead({ read }: { read: () => Promise<{ tracklets: number[] }> }) {
  const known = useQuery({ queryKey: ["identity", 3, 12], queryFn: read }).data;
  return known ? <Edits tracklets={known.tracklets} /> : null;
}

function Edits({ tracklets }: { tracklets: number[] }) {
  return (
    <IdentityEdits
      {...{ sceneId: 1, runId: 3, number: 12, tracklets, marked: tracklets.filter((id) => id === 8) }}
      {...{ onMark: vi.fn(), withKeys: false, onDone: vi.fn() }}
    />
  );
}

test("marked tracklets are split off, unless all of them or none are marked", async () => {
  server.use(answerWith([]));
  const onDone = edits([8]);
  await userEvent.click(screen.getByText("Split 1 tracklet off"));
  await waitFor(() => expect(onDone).toHaveBeenCalledWith(12));
  expect(sent).toEqual([["split", { tracklets: [8], seen: SEEN }]]);
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

/** As the server describes a tracklet. */
function state(id: number): Record<string, unknown> {
  return { id, number: id, camera: { id: 1, name: "c001" }, length: id * 10, start_s: id, end_s: id + 2 };
}

test("of an identity that somebody else changed both versions are shown, and mine can be made on theirs", async () => {
  let asked = 0;
  server.use(
    http.post(`${SCENE}/identities/split`, async ({ request }) => {
      sent.push(["split", await request.json()]);
      asked += 1;
      if (asked > 1) return HttpResponse.json(aGivenVerdict(anOperation(9)), { status: 201 });
      const body = {
        code: "identity-changed",
        detail: "Identity 12 has been changed since you saw it.",
        yours: { number: 12, tracklets: [7, 8, 9].map(state) },
        current: [{ number: 12, tracklets: [7, 8].map(state) }],
        operation: { id: 4, number: 4, kind: "split", actor: "ben" },
      };
      return HttpResponse.json(body, { status: 409 });
    }),
  );
  edits([8, 9]);
  await userEvent.click(screen.getByText("Split 2 tracklets off"));
  const theirs = await screen.findByRole("region", { name: "Theirs" });
  expect(theirs.textContent).toContain("ben, operation #4 (split)");
  await userEvent.click(screen.getByText("Split 1 tracklet off identity 12"));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toEqual(["split", { tracklets: [8], seen: [{ number: 12, tracklets: [7, 8] }] }]);
});

test("whoever takes theirs goes on with the identity that has the tracklets now", async () => {
  const body = {
    code: "identity-changed",
    yours: { number: 12, tracklets: [7].map(state) },
    current: [{ number: 5, tracklets: [7, 30].map(state) }],
    operation: null,
  };
  server.use(http.post(`${SCENE}/identities/confirm`, () => HttpResponse.json(body, { status: 409 })));
  const onDone = edits([]);
  await userEvent.click(screen.getByText("Confirm: one vehicle"));
  await userEvent.click(await screen.findByText("Take theirs"));
  expect(onDone).toHaveBeenCalledWith(5);
});

test("where one takes over from the other in a refused merge, the first can end there", async () => {
  const together = [state(7), { ...state(8), first_frame: 40 }];
  const body = { code: "overlap-in-camera", detail: "Seen together.", together, handover: true };
  server.use(
    http.post(`${SCENE}/identities/merge`, () => HttpResponse.json(body, { status: 409 })),
    http.post(`${SCENE}/edits`, async ({ request }) => {
      sent.push(["edits", await request.json()]);
      return HttpResponse.json(aGivenVerdict(anOperation(9)), { status: 201 });
    }),
  );
  edits([]);
  await userEvent.type(screen.getByLabelText("Merge with identity"), "5{Enter}");
  await userEvent.click(await screen.findByText("Cut one or mark a duplicate"));
  await userEvent.click(await screen.findByText("End T7 where T8 begins"));
  await waitFor(() =>
    expect(sent).toEqual([["edits", { run: 3, edits: [{ op: "trim", tracklet: 7, last_frame: 39 }] }]]),
  );
});

test("where two are seen together the longer one is offered to stay, and the other is hidden", async () => {
  const body = { code: "overlap-in-camera", detail: "Seen together.", together: [state(7), state(8)] };
  server.use(
    http.post(`${SCENE}/identities/merge`, () => HttpResponse.json(body, { status: 409 })),
    http.post(`${SCENE}/edits`, async ({ request }) => {
      sent.push(["edits", await request.json()]);
      return HttpResponse.json(aGivenVerdict(anOperation(9)), { status: 201 });
    }),
  );
  edits([]);
  await userEvent.type(screen.getByLabelText("Merge with identity"), "5{Enter}");
  await userEvent.click(await screen.findByText("Mark a duplicate"));
  await userEvent.click(await screen.findByText("Keep T8, hide T7"));
  await waitFor(() =>
    expect(sent).toEqual([["edits", { run: 3, edits: [{ op: "duplicate", tracklet: 7, of: 8 }] }]]),
  );
});
