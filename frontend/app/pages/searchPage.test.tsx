// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { SearchPage } from "./SearchPage";

const SCENE = {
  id: 3,
  name: "City",
  my_role: "analyst",
  time_zone: "UTC",
  starts_at: null,
  current_run: { id: 5 },
};
const FOUND = {
  similarity: 0.9,
  identity: 9,
  camera_name: "c002",
  tracklet: {
    id: 2,
    number: 2,
    camera: 1,
    video: 1,
    category: 3,
    colour: "",
    start_s: 2,
    end_s: 3,
    crop_urls: [],
  },
};
const JOIN = { name: /^Same vehicle: join/ };

/** The page about identity 4, which can be read once; `answer` to a join. What joins sent is returned. */
function page(answer: () => Response, asked = "identity=4"): { sent: unknown[] } {
  const told = { sent: [] as unknown[] };
  let read = 0;
  server.use(
    http.get("*/api/v1/scenes/3", () => HttpResponse.json(SCENE)),
    http.get("*/api/v1/scenes/3/cameras", () => HttpResponse.json([])),
    http.get("*/api/v1/runs/5/identities/4", async () => {
      read += 1;
      if (read > 1) await delay("infinite");
      return HttpResponse.json({ number: 4, tracklets: [{ id: 12, crop_urls: ["/seen.jpg"] }] });
    }),
    http.get("*/api/v1/runs/5/search", () =>
      HttpResponse.json({ identity: 4, exact: true, results: [FOUND] }),
    ),
    http.post("*/api/v1/scenes/3/identities/merge", async ({ request }) => {
      told.sent.push(await request.json());
      return answer();
    }),
  );
  show(<SearchPage />, `/scenes/3/search?${asked}`, "/scenes/:sceneId/search");
  return told;
}

/** Once the result and the identity are on screen. */
async function joinButton(): Promise<HTMLElement> {
  await screen.findByRole("button", { name: /c002/ });
  await waitFor(() => expect(document.querySelector("img[src='/seen.jpg']")).not.toBeNull());
  return screen.getByRole("button", JOIN);
}

test("while an identity is read again a join is still about what was seen of it", async () => {
  const told = page(() => problem(409, "identity-changed", "Identity 4 has been changed since you saw it."));
  await userEvent.click(await joinButton());
  await screen.findByText(/has been changed since you saw it/);
  await userEvent.click(await joinButton());
  const body = { run: 5, numbers: [4, 9], seen: [{ number: 4, tracklets: [12] }] };
  await waitFor(() => expect(told.sent).toEqual([body, body]));
});

test("after a join what was seen before it is not held against the next one", async () => {
  const given = {
    operation: { id: 77, inverse_of: null },
    effect: { joined: [4], changed: true },
  };
  const told = page(() => HttpResponse.json(given, { status: 201 }));
  await userEvent.click(await joinButton());
  await screen.findByText("Stored: one vehicle now.");
  await userEvent.click(await joinButton());
  await waitFor(() => expect(told.sent).toHaveLength(2));
  expect(told.sent[1]).toEqual({ run: 5, numbers: [4, 9] });
});

test("a join from a tracklet is about its identity, and waits until that was read", async () => {
  const told = page(
    () => problem(409, "identity-changed", "Identity 4 has been changed since you saw it."),
    "tracklet=12",
  );
  await screen.findByRole("button", { name: /c002/ });
  await waitFor(() =>
    expect(screen.getByRole("button", JOIN).getAttribute("aria-disabled")).not.toBe("true"),
  );
  await userEvent.click(screen.getByRole("button", JOIN));
  await screen.findByText(/has been changed since you saw it/);
  expect(told.sent).toEqual([{ run: 5, numbers: [4, 9], seen: [{ number: 4, tracklets: [12] }] }]);
});
