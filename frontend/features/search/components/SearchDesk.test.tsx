// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { HotKeys } from "@/components/HotKeys";
import type { Found } from "../api/searchTracklets";
import { filterOf, type Question } from "../question";
import { SearchDesk } from "./SearchDesk";

const EVERYTHING = filterOf(new URLSearchParams());
const SEARCH = "*/api/v1/runs/5/search";

function found(id: number, identity: number): Found {
  return {
    similarity: 1 - id / 100,
    identity,
    camera_name: `c00${id}`,
    tracklet: {
      id,
      number: id,
      camera: 1,
      video: 1,
      category: 3,
      colour: "",
      machine: null,
      start_s: id,
      end_s: id + 1,
      first_frame: 0,
      last_frame: 9,
      length: 10,
      crop_urls: [`/api/v1/tracklets/${id}/crops/0.jpg`],
    },
  };
}

interface Changes {
  mayNotJoin?: string;
  pictures?: string[];
  seen?: { number: number; tracklets: number[] };
}

function showDesk(first: Question, changes: Changes = {}) {
  const told = { question: vi.fn(), stored: vi.fn(), watch: vi.fn(), refused: vi.fn() };
  function Asking() {
    const [question, setQuestion] = useState(first);
    told.question.mockImplementation(setQuestion);
    return (
      <SearchDesk
        sceneId={1}
        runId={5}
        question={question}
        filter={EVERYTHING}
        cameras={[]}
        pictures={changes.pictures ?? []}
        seen={changes.seen ?? null}
        mayNotJoin={changes.mayNotJoin ?? null}
        readTime={(seconds) => `${seconds} s`}
        secondsOf={Number}
        onQuestion={told.question}
        onFilter={() => {}}
        onWatch={told.watch}
        onStored={told.stored}
        onRefused={told.refused}
      />
    );
  }
  show(
    <>
      <HotKeys />
      <Asking />
    </>,
  );
  return told;
}

function answerWith(...results: Found[]) {
  server.use(http.get(SEARCH, () => HttpResponse.json({ identity: 4, exact: true, results })));
}

test("keys move over the results, join one to the identity at hand and take it back", async () => {
  answerWith(found(1, 4), found(2, 9));
  const sent: unknown[] = [];
  const given = { operation: { id: 77 }, effect: { joined: [4], changed: true } };
  server.use(
    http.post("*/api/v1/scenes/1/identities/merge", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(given, { status: 201 });
    }),
    http.post("*/api/v1/operations/77/undo", () => HttpResponse.json(given, { status: 201 })),
  );
  const told = showDesk({ kind: "tracklet", about: 12 });
  await screen.findByRole("button", { name: /c001 · 1 s/ });
  await userEvent.keyboard("{Enter}");
  expect(sent).toEqual([]);
  await userEvent.keyboard("{ArrowRight}{Enter}");
  await screen.findByText("Stored: one vehicle now.");
  expect(sent).toEqual([{ run: 5, numbers: [4, 9] }]);
  await userEvent.keyboard("z");
  await screen.findByText("Taken back.");
  expect(told.stored).toHaveBeenCalledTimes(2);
});

test("a join says which identity was seen; where that is another one by now nothing is done, and it is read again", async () => {
  answerWith(found(2, 9));
  const sent: unknown[] = [];
  server.use(
    http.post("*/api/v1/scenes/1/identities/merge", async ({ request }) => {
      sent.push(await request.json());
      return problem(409, "identity-changed", "Identity 4 has been changed since you saw it.");
    }),
  );
  const seen = { number: 4, tracklets: [12, 13] };
  const told = showDesk({ kind: "identity", about: 4 }, { seen });
  await screen.findByRole("button", { name: /c002 · 2 s/ });
  await userEvent.keyboard("{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("has been changed since you saw it");
  expect(sent).toEqual([{ run: 5, numbers: [4, 9], seen: [seen] }]);
  expect(told.refused).toHaveBeenCalledOnce();
  expect(told.stored).not.toHaveBeenCalled();
});

test("what went wrong is no longer said when the next thing went well", async () => {
  answerWith(found(2, 9));
  const given = { operation: { id: 77 }, effect: { joined: [4], changed: true } };
  server.use(
    http.post(`${SEARCH}/pictures`, () => problem(400, "not-a-picture", "This file is no picture.")),
    http.post("*/api/v1/scenes/1/identities/merge", () => HttpResponse.json(given, { status: 201 })),
  );
  showDesk({ kind: "tracklet", about: 12 });
  await screen.findByRole("button", { name: /c002 · 2 s/ });
  const file = new File([new Uint8Array([1])], "car.jpg", { type: "image/jpeg" });
  await userEvent.upload(screen.getByLabelText("Picture to search with"), file);
  expect((await screen.findByRole("alert")).textContent).toContain("This file is no picture.");
  await userEvent.click(screen.getByRole("button", { name: /Same vehicle/ }));
  await screen.findByText("Stored: one vehicle now.");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("what went wrong is said beside its own question alone", async () => {
  answerWith(found(2, 9));
  server.use(
    http.post("*/api/v1/scenes/1/identities/merge", () => problem(409, "overlap-in-camera", "Seen at once.")),
  );
  showDesk({ kind: "tracklet", about: 12 });
  await screen.findByRole("button", { name: /c002 · 2 s/ });
  await userEvent.keyboard("{Enter}");
  await screen.findByRole("alert");
  await userEvent.keyboard("f");
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("whoever may not join still searches on with a result", async () => {
  answerWith(found(1, 9));
  const told = showDesk({ kind: "tracklet", about: 12 }, { mayNotJoin: "it takes the role analyst" });
  await screen.findByRole("button", { name: /c001 · 1 s/ });
  expect(screen.getByRole("button", { name: /Same vehicle/ }).getAttribute("aria-disabled")).toBe("true");
  await userEvent.keyboard("f");
  expect(told.question).toHaveBeenCalledWith({ kind: "tracklet", about: 1 });
});

test("how the identity looks that is asked about stands above what was found", async () => {
  answerWith(found(1, 9));
  showDesk({ kind: "identity", about: 4 }, { pictures: ["/front.jpg", "/side.jpg"] });
  await screen.findByRole("button", { name: /c001 · 1 s/ });
  const shown = [...document.images].map((image) => image.getAttribute("src"));
  expect(shown.slice(0, 2)).toEqual(["/front.jpg", "/side.jpg"]);
});

test("a picture is asked about again until it is described", async () => {
  let isReady = false;
  server.use(
    http.get(SEARCH, () =>
      isReady
        ? HttpResponse.json({ identity: null, exact: true, results: [found(3, 2)] })
        : problem(409, "picture-waiting", "The picture is being described."),
    ),
  );
  showDesk({ kind: "picture", about: 8 });
  await screen.findByText("The picture is being described");
  isReady = true;
  await screen.findByRole("button", { name: /c003 · 3 s/ });
});

test("a picture that is brought becomes what is asked about", async () => {
  answerWith(found(1, 9));
  const types: (string | null)[] = [];
  server.use(
    http.post(`${SEARCH}/pictures`, ({ request }) => {
      types.push(request.headers.get("Content-Type"));
      return HttpResponse.json({ id: 31, run: 5, job: 6, ready: false }, { status: 201 });
    }),
  );
  const told = showDesk({ kind: "tracklet", about: 12 });
  const file = new File([new Uint8Array([255, 216, 255])], "car.jpg", { type: "image/jpeg" });
  await userEvent.upload(screen.getByLabelText("Picture to search with"), file);
  await waitFor(() => expect(told.question).toHaveBeenCalledWith({ kind: "picture", about: 31 }));
  expect(types).toEqual(["image/jpeg"]);
});
