import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render } from "@testing-library/react";
import { setupServer } from "msw/node";
import type { ReactElement } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterAll, afterEach, beforeAll } from "vitest";
import { createQueryClient } from "../queryClient";
import { theme } from "../theme";

/** The network of a component test: what no handler answers fails the test. */
export const server = setupServer();

/** Tests share the machine with others; a slow page is not a wrong one. */
configure({ asyncUtilTimeout: 30_000 });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());

/** What jsdom lacks and pages ask for. */
window.matchMedia = (media) =>
  ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;
window.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
Element.prototype.scrollIntoView = () => {};

/** Show `element` as the page at `path` of the application, with its providers. Returns the router. */
export function show(element: ReactElement, path = "/", pattern = "*") {
  const router = createMemoryRouter(
    [
      { path: pattern, element },
      { path: "/sign-in", element: <p>sign-in page</p> },
    ],
    { initialEntries: [path] },
  );
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={createQueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return router;
}

/** Problem details as the server sends them. */
export function problem(status: number, code: string, detail: string): Response {
  const body = { type: `urn:crosstrack:problem:${code}`, title: "Problem", status, code, detail };
  return Response.json(body, { status, headers: { "Content-Type": "application/problem+json" } });
}
