// @vitest-environment jsdom
import { focusManager } from "@tanstack/react-query";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { HotKeys } from "@/components/HotKeys";
import { connection } from "@/lib/api/connection";
import { EVERYTHING } from "../filter";
import { aGivenVerdict, aMeeting, anOperation, aPair, aQueue, aTracklet, aTrackletState } from "../testing";
import type { Operation, Pair, ReviewQueue } from "../types";
import { DecisionSender } from "./DecisionSender";
import { ReviewDesk } from "./ReviewDesk";

const ANA = 7;
const SCENE = "*/api/v1/scenes/1";

/** Pair n is of the tracklets 10n and 10n + 1. */
function pairOf(n: number): Pair {
  return aPair({
    left: aTracklet(10 * n),
    right: aTracklet(10 * n + 1, { camera: { id: 2, name: "c002" } }),
  });
}

/** What the server was asked to store: address, key and body. */
interface Sent {
  path: string;
  key: string | null;
  body: Record<string, unknown> | null;
}

/** Number of the scene's newest edit. */
let newest = 0;
let sent: Sent[];
let stored: Operation[];
let open: Pair[];

async function note(request: Request): Promise<Sent> {
  const text = await request.text();
  const one = {
    path: new URL(request.url).pathname,
    key: request.headers.get("Idempotency-Key"),
    body: text ? JSON.parse(text) : null,
  };
  sent.push(one);
  return one;
}

function store(operation: Operation) {
  stored = [operation, ...stored];
  return HttpResponse.json(aGivenVerdict(operation), { status: 201 });
}

beforeEach(() => {
  newest = 0;
  sent = [];
  stored = [];
  open = [pairOf(1), pairOf(2), pairOf(3)];
  window.sessionStorage.clear();
  server.use(
    http.post(`${SCENE}/review/lease`, () => HttpResponse.json(aQueue(open))),
    http.get(`${SCENE}/operations`, () => HttpResponse.json({ next: null, previous: null, results: stored })),
    http.get(`${SCENE}/review`, () => HttpResponse.json(aQueue([], { revision: newest }))),
    http.get(`${SCENE}/review/statistics`, () => HttpResponse.json({ persons: [] })),
    http.post(`${SCENE}/verdicts`, async ({ request }) => {
      const { body } = await note(request);
      open = open.filter(({ left }) => left.id !== body?.left);
      return store(anOperation(100 + stored.length));
    }),
    http.post("*/api/v1/operations/:id/undo", async ({ request, params }) => {
      await note(request);
      const undone = { id: Number(params.id), number: Number(params.id) };
      return store(anOperation(200, { kind: "undo", inverse_of: undone }));
    }),
  );
});

function showDesk(queue?: ReviewQueue): void {
  if (queue) server.use(http.post(`${SCENE}/review/lease`, () => HttpResponse.json(queue)));
  show(
    <DecisionSender person={ANA} onSignedOut={() => {}}>
      <HotKeys />
      <ReviewDesk
        sceneId={1}
        filter={EVERYTHING}
        onState={() => {}}
        onClearFilter={() => {}}
        filters={null}
        readTime={(seconds) => seconds.toFixed(1)}
        renderClip={({ id }) => <p>clip {id}</p>}
        renderStrip={() => null}
      />
    </DecisionSender>,
  );
}

async function onScreen(n: number): Promise<void> {
  await screen.findByText(`clip ${10 * n}`);
}

test("a key answers: the next pair is there before the server has said a word", async () => {
  let answer: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  server.use(
    http.post(`${SCENE}/verdicts`, async ({ request }) => {
      await note(request);
      await held;
      return store(anOperation(100));
    }),
  );
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("4s");
  expect(screen.getByText("clip 20")).toBeDefined();
  expect(await screen.findByText("saving…")).toBeDefined();
  answer();
  await waitFor(() => expect(screen.queryByText("saving…")).toBeNull());
  expect(sent).toMatchObject([{ body: { left: 10, right: 11, verdict: "same", confidence: 4 } }]);
  expect(sent[0]?.body?.opened_at).toMatch(/^\d{4}-/);
});

test("how sure a person is belongs to one pair only", async () => {
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("4d");
  await userEvent.keyboard(" ");
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent.map(({ body }) => [body?.verdict, body?.confidence])).toEqual([
    ["different", 4],
    ["cannot_tell", undefined],
  ]);
});

test("what could not be stored is said, kept in the tab and sent again under its key", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post(
      `${SCENE}/verdicts`,
      async ({ request }) => {
        keys.push((await note(request)).key);
        return HttpResponse.error();
      },
      { once: true },
    ),
  );
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("s");
  expect(await screen.findByText("1 decision not saved yet.")).toBeDefined();
  expect(screen.getByText("clip 20")).toBeDefined();
  expect(window.sessionStorage.getItem(`crosstrack-decisions-${ANA}`)).toContain(keys[0] ?? "no key");
  act(() => connection.report(true));
  await waitFor(() => expect(screen.queryByText("1 decision not saved yet.")).toBeNull(), { timeout: 5000 });
  expect(sent.map(({ key }) => key)).toEqual([keys[0], keys[0]]);
  expect(window.sessionStorage.getItem(`crosstrack-decisions-${ANA}`)).toBe("[]");
});

test("a refused decision says why until it is dismissed", async () => {
  server.use(
    http.post(`${SCENE}/verdicts`, () =>
      problem(409, "overlap-in-camera", "One vehicle cannot be twice in c001 at one time."),
    ),
  );
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("s");
  const notice = (await screen.findByText("A decision was not stored.")).parentElement as HTMLElement;
  expect(notice.textContent).toContain("One vehicle cannot be twice in c001 at one time.");
  await userEvent.click(within(notice).getByText("Dismiss"));
  expect(screen.queryByText("A decision was not stored.")).toBeNull();
});

test("when another run is shown the decision is refused and the queue starts with the new run's pairs", async () => {
  server.use(
    http.post(`${SCENE}/verdicts`, () => {
      server.use(
        http.post(`${SCENE}/review/lease`, () =>
          HttpResponse.json(aQueue([pairOf(8), pairOf(9)], { run: 2 })),
        ),
      );
      return problem(409, "run-not-current", "Another run is shown now; ask for pairs again.");
    }),
  );
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("s");
  await onScreen(8);
  expect(screen.getByText("A decision was not stored.").parentElement?.textContent).toContain("Another run");
});

test("same that would put a tracklet out offers to end it where another one takes over", async () => {
  const beside = aMeeting({ second: { ...aMeeting().second, id: 200, number: 200 }, handover: false });
  open = [{ ...pairOf(1), meetings: [aMeeting(), beside] }, pairOf(2), pairOf(3)];
  const edits: unknown[] = [];
  server.use(
    http.post(`${SCENE}/edits`, async ({ request }) => {
      edits.push(await request.json());
      open = open.slice(1);
      return HttpResponse.json(aGivenVerdict(anOperation(9)), { status: 201 });
    }),
  );
  showDesk();
  await onScreen(1);
  expect(screen.getByLabelText("Why this pair").textContent).toContain(
    "one of T174 and T194 (and of 1 more pair) leaves",
  );
  await userEvent.keyboard("4s");
  expect(await screen.findByText("c002 has T174 and T194 at one time for 0.2 s.")).toBeDefined();
  expect(
    screen.getByText(/c002 has T174 and T200 at one time .* one of these leaves all the same/),
  ).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Same, and end T174 there" }));
  await onScreen(2);
  expect(edits).toMatchObject([
    {
      run: 1,
      edits: [
        { op: "trim", tracklet: 174, last_frame: 912 },
        { op: "verdict", left: 10, right: 11, verdict: "same", confidence: 4 },
      ],
    },
  ]);
  expect(sent).toEqual([]);
});

test("where the two are not one vehicle, same is stored alone", async () => {
  open = [{ ...pairOf(1), meetings: [aMeeting()] }, pairOf(2), pairOf(3)];
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("s");
  await userEvent.click(await screen.findByLabelText("Both are this vehicle: end T174 there"));
  await userEvent.click(screen.getByRole("button", { name: "Same alone" }));
  await onScreen(2);
  await waitFor(() => expect(sent).toMatchObject([{ body: { left: 10, right: 11, verdict: "same" } }]));
});

test("same of two that one camera has at one time offers to hide one as a duplicate of the other", async () => {
  const [one, other] = [aTracklet(10, { length: 5 }), aTracklet(20, { start_s: 3, end_s: 8, length: 50 })];
  const doubted = { ...pairOf(1), left: one, right: other };
  open = [doubted, pairOf(2), pairOf(3)];
  const edits: unknown[] = [];
  server.use(
    http.post(`${SCENE}/edits`, async ({ request }) => {
      edits.push(await request.json());
      open = open.slice(1);
      return HttpResponse.json(aGivenVerdict(anOperation(9)), { status: 201 });
    }),
  );
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("s");
  await userEvent.click(await screen.findByText("Keep T20, hide T10"));
  await onScreen(2);
  expect(edits).toEqual([{ run: 1, edits: [{ op: "duplicate", tracklet: 10, of: 20 }] }]);
  expect(sent).toEqual([]);
  // Somebody shows it again: the pair comes back, and nothing is asked before it is answered.
  open = [doubted, ...open];
  await userEvent.keyboard("s");
  await waitFor(async () => {
    await userEvent.keyboard("k");
    screen.getByText("clip 10");
  });
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("same of two of which one takes over from the other is stored with the first one ended there", async () => {
  const left = aTracklet(10, { start_s: 0, end_s: 5, last_frame: 50 });
  const right = aTracklet(20, { start_s: 4.8, end_s: 9, first_frame: 48 });
  const met = aMeeting({ first: aTrackletState(10), second: aTrackletState(20, { first_frame: 48 }) });
  open = [{ ...pairOf(1), left, right, meetings: [met] }, pairOf(2), pairOf(3)];
  const edits: unknown[] = [];
  server.use(
    http.post(`${SCENE}/edits`, async ({ request }) => {
      edits.push(await request.json());
      open = open.slice(1);
      return HttpResponse.json(aGivenVerdict(anOperation(9)), { status: 201 });
    }),
  );
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("4s");
  await userEvent.click(await screen.findByText("End T10 where T20 begins"));
  await onScreen(2);
  expect(edits).toMatchObject([
    {
      edits: [
        { op: "trim", tracklet: 10, last_frame: 47 },
        { op: "verdict", left: { edit: 0, part: 0 }, right: 20, verdict: "same", confidence: 4 },
      ],
    },
  ]);
});

test("undo brings the pair back and takes the stored decision back", async () => {
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("s");
  await onScreen(2);
  await waitFor(() => expect(stored).toHaveLength(1));
  await waitFor(() => expect(screen.queryByText("saving…")).toBeNull());
  await userEvent.keyboard("z");
  await onScreen(1);
  await waitFor(() => expect(sent.map(({ path }) => path)).toContain("/api/v1/operations/100/undo"));
});

test("the last decision can be taken back when no pair is left", async () => {
  open = [pairOf(1)];
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("s");
  await waitFor(() => expect(stored).toHaveLength(1));
  await waitFor(() => expect(screen.queryByText("saving…")).toBeNull());
  await userEvent.keyboard("z");
  await onScreen(1);
});

test("arrows walk through the queue without deciding", async () => {
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("{ArrowRight}j");
  await onScreen(3);
  await userEvent.keyboard("k");
  await onScreen(2);
  expect(sent).toEqual([]);
});

test("a click on an answer leaves the space bar what it was", async () => {
  showDesk();
  await onScreen(1);
  await userEvent.click(screen.getByText("Different"));
  await onScreen(2);
  await userEvent.keyboard(" ");
  await waitFor(() => expect(sent.map(({ body }) => body?.verdict)).toEqual(["different", "cannot_tell"]));
});

const ENDS: [string, Partial<ReviewQueue>, string][] = [
  ["no run", { run: null }, "No run has finished"],
  ["others at work", { work_left: 3 }, "Others hold the pairs that are left"],
  ["all done", { work_left: 0 }, "Everything is decided"],
];

test.each(ENDS)("without a pair the page says why: %s", async (_name, changes, title) => {
  showDesk(aQueue([], changes));
  expect(await screen.findByText(title)).toBeDefined();
});

test("advice to stop is shown with its reason", async () => {
  showDesk(aQueue(open, { stop: { advised: true, reason: "The last 72 answers changed nothing." } }));
  expect((await screen.findByRole("note")).textContent).toContain("The last 72 answers changed nothing.");
});

test("what somebody else decides is on the page, and the pair on screen stays", async () => {
  showDesk();
  await onScreen(1);
  await screen.findByText(/12 uncertain|^12$/);
  newest = 5;
  const renumbered = aTracklet(10, { identity: { number: 77, tracklet_count: 4 } });
  open = [{ ...pairOf(1), left: renumbered, decides: 9 }, pairOf(3)];
  act(() => focusManager.setFocused(true));
  await screen.findByText(/Settles 9 pairs at once/);
  await onScreen(1);
  expect(screen.queryByText("clip 30")).toBeNull();
});

const HEAT = { id: 5, left: 10, right: 11 };

test("H shows where the two pictures look alike, once a worker has found it", async () => {
  const asked: unknown[] = [];
  const maps = { similarity: 0.714, left: [[0.02, -0.01]], right: [[0.01, 0]] };
  server.use(
    http.post("*/api/v1/runs/1/likeness", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ ...HEAT, state: "waiting", problem: "", job: 9, maps: null });
    }),
    http.get("*/api/v1/runs/1/likeness/5", () =>
      HttpResponse.json({ ...HEAT, state: "ready", problem: "", job: 9, maps }),
    ),
  );
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("vh");
  expect(await screen.findByText("being worked out…")).toBeDefined();
  expect(await screen.findByText(/likeness of these two pictures 0\.71/)).toBeDefined();
  expect(asked).toEqual([{ left: 10, left_rank: 1, right: 11, right_rank: 1 }]);
  await userEvent.keyboard("h");
  expect(screen.queryByText("Where they look alike", { selector: "span" })).toBeNull();
});

test("where it could not be found it says why and is tried again", async () => {
  let answers = 0;
  server.use(
    http.post("*/api/v1/runs/1/likeness", () => {
      answers += 1;
      const problem = "the picture cannot be read";
      return HttpResponse.json({ ...HEAT, state: "failed", problem, job: 9, maps: null });
    }),
  );
  showDesk();
  await onScreen(1);
  await userEvent.keyboard("h");
  expect(await screen.findByText(/the picture cannot be read/)).toBeDefined();
  await userEvent.click(screen.getByText("Try again"));
  await waitFor(() => expect(answers).toBe(2));
});
