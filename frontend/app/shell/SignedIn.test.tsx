// @vitest-environment jsdom
import { useQuery } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { answered, api } from "@/lib/api/client";
import { problem, server, show } from "../testing/page";
import { SignedIn } from "./SignedIn";

const ana = { id: 1, username: "ana", first_name: "", last_name: "", role: "analyst" };

function Presets() {
  const { data } = useQuery({ queryKey: ["presets"], queryFn: () => answered(api.GET("/api/v1/presets")) });
  return <p>{data ? "presets" : "no presets"}</p>;
}

test("whoever is not signed in is asked to, and the place is kept", async () => {
  server.use(http.get("*/api/v1/session", () => HttpResponse.json({ user: null, csrf_token: "t" })));
  const router = show(<SignedIn />, "/scenes/3?t=12.5&identity=8");
  await screen.findByText("sign-in page");
  expect(new URLSearchParams(router.state.location.search).get("next")).toBe("/scenes/3?t=12.5&identity=8");
});

test("a session that ends in the middle of work leads to sign-in and back to the same place", async () => {
  server.use(
    http.get("*/api/v1/session", () => HttpResponse.json({ user: ana, csrf_token: "t" })),
    http.get("*/api/v1/presets", () => problem(401, "not-authenticated", "Sign in first.")),
  );
  const router = show(
    <>
      <SignedIn />
      <Presets />
    </>,
    "/jobs?state=failed",
  );
  await screen.findByText("sign-in page");
  expect(new URLSearchParams(router.state.location.search).get("next")).toBe("/jobs?state=failed");
});

test("a server that stumbles is said so, with a way to try again", async () => {
  server.use(http.get("*/api/v1/session", () => problem(403, "closed", "This account is closed.")));
  show(<SignedIn />, "/jobs");
  expect((await screen.findByRole("alert")).textContent).toContain("This account is closed.");
  expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
});
