// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import { SignInForm } from "./SignInForm";

test("a wrong password is told in the server's words and can be tried again", async () => {
  const tries: unknown[] = [];
  server.use(
    http.post("*/api/v1/session", async ({ request }) => {
      tries.push(await request.json());
      if (tries.length === 1) return problem(400, "wrong-credentials", "The name or the password is wrong.");
      return HttpResponse.json({ user: { id: 1, username: "ana", role: "analyst" }, csrf_token: "t" });
    }),
  );
  show(<SignInForm />);
  await userEvent.type(screen.getByLabelText(/^Name/), "ana");
  await userEvent.type(screen.getByLabelText(/^Password/), "old");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The name or the password is wrong.");
  await userEvent.type(screen.getByLabelText(/^Password/), "er");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await expect.poll(() => screen.queryByRole("alert")).toBeNull();
  expect(tries).toEqual([
    { username: "ana", password: "old" },
    { username: "ana", password: "older" },
  ]);
});
