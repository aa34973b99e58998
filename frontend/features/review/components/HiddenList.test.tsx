// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { HotKeys } from "@/components/HotKeys";
import { aGivenVerdict, anOperation } from "../testing";
import { HiddenList } from "./HiddenList";

const SCENE = "*/api/v1/scenes/1";

function hidden(id: number, of: number | null = null) {
  const tracklet = {
    id,
    number: id,
    camera: { id: 2, name: "c002" },
    category: 3,
    start_s: id,
    end_s: id + 4,
  };
  const operation = { id: 50 + id, number: 50 + id, kind: "hide", actor: "ben", at: "2026-03-01T12:00:00Z" };
  return { tracklet, operation, of };
}

function list(rows: ReturnType<typeof hidden>[], mayShow = true, before: ReturnType<typeof hidden>[] = []) {
  server.use(
    http.get(`${SCENE}/hidden`, ({ request }) => {
      const isFirst = !new URL(request.url).searchParams.get("cursor");
      const next = isFirst && before.length > 0 ? "/api/v1/scenes/1/hidden?cursor=abc" : null;
      return HttpResponse.json({ next, previous: null, results: isFirst ? rows : before });
    }),
  );
  const onWatch = vi.fn();
  show(
    <>
      <HiddenList
        sceneId={1}
        runId={3}
        timeZone="UTC"
        mayShow={mayShow}
        readTime={String}
        onWatch={onWatch}
      />
      <HotKeys />
    </>,
  );
  return onWatch;
}

test("one key shows the chosen one again, and it leaves the list", async () => {
  const rows = [hidden(7), hidden(8, 7)];
  const sent: unknown[] = [];
  server.use(
    http.post(`${SCENE}/edits`, async ({ request }) => {
      sent.push(await request.json());
      rows.pop();
      return HttpResponse.json(aGivenVerdict(anOperation(9)), { status: 201 });
    }),
  );
  const onWatch = list(rows);
  await screen.findByAltText("T8, c002");
  await userEvent.keyboard("jw");
  expect(onWatch).toHaveBeenCalledWith(2, 8);
  await userEvent.keyboard("u");
  await waitFor(() => expect(screen.queryByAltText("T8, c002")).toBeNull());
  expect(sent).toEqual([{ run: 3, edits: [{ op: "unhide", tracklet: 8 }] }]);
});

test("those hidden before come page by page, and keys go on through them", async () => {
  const onWatch = list([hidden(7)], true, [hidden(6)]);
  await userEvent.click(await screen.findByRole("button", { name: "Those hidden before" }));
  await screen.findByAltText("T6, c002");
  await userEvent.keyboard("jw");
  expect(onWatch).toHaveBeenCalledWith(2, 6);
  expect(screen.queryByRole("button", { name: "Those hidden before" })).toBeNull();
});

test("a refusal says why, and the one stays listed", async () => {
  server.use(
    http.post(`${SCENE}/edits`, () => problem(409, "overlap-in-camera", "It would be seen with T9.")),
  );
  list([hidden(7)]);
  await userEvent.click(await screen.findByText(/^Show again/));
  expect((await screen.findByRole("alert")).textContent).toBe("It would be seen with T9.");
  expect(screen.getByAltText("T7, c002")).toBeDefined();
});

test("who only looks may watch, but not show it again", async () => {
  list([hidden(7)], false);
  await screen.findByText(/^Watch/);
  expect(screen.queryByText(/^Show again/)).toBeNull();
});

test("an empty list says what would be in it", async () => {
  list([]);
  expect(await screen.findByText("Nothing is hidden")).toBeDefined();
});
