// @vitest-environment jsdom
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { askAhead } from "./askAhead";
import { createQueryClient } from "./queryClient";
import { server } from "./testing/page";

test.each([
  ["/jobs", ["/api/v1/session"]],
  ["/scenes/3/review", ["/api/v1/session", "/api/v1/scenes/3", "/api/v1/scenes/3/cameras"]],
])("at %s all that the page waits for is asked at once", async (path, expected) => {
  const asked: string[] = [];
  server.use(
    http.get("*", ({ request }) => {
      asked.push(new URL(request.url).pathname);
      return HttpResponse.json({ csrf_token: "t", user: null });
    }),
  );
  askAhead(createQueryClient(), path);
  await vi.waitFor(() => expect(asked).toHaveLength(expected.length));
  expect(new Set(asked)).toEqual(new Set(expected));
});
