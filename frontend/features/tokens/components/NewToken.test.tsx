// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server, show } from "@/app/testing/page";
import { NewToken } from "./NewToken";

test("a new token's secret is shown once", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post("*/api/v1/tokens", async ({ request }) => {
      asked.push(await request.json());
      const token = {
        id: 1,
        name: "nightly",
        prefix: "ct_abc",
        read_only: true,
        created_at: "2026-01-01T00:00:00Z",
      };
      return HttpResponse.json(
        { ...token, expires_at: null, last_used_at: null, secret: "ct_abcdef" },
        { status: 201 },
      );
    }),
  );
  show(<NewToken />);
  await userEvent.click(screen.getByRole("button", { name: "New token" }));
  await userEvent.type(await screen.findByLabelText(/What is it for/), "nightly");
  await userEvent.click(screen.getByRole("button", { name: "Make the token" }));
  expect((await screen.findByTestId("secret")).textContent).toBe("ct_abcdef");
  expect(asked).toEqual([{ name: "nightly", read_only: true, expires_at: expect.stringMatching(/^\d{4}-/) }]);
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  await userEvent.click(screen.getByRole("button", { name: "New token" }));
  expect(await screen.findByLabelText(/What is it for/)).toBeDefined();
  expect(screen.queryByText("ct_abcdef")).toBeNull();
});
