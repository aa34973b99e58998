// @vitest-environment jsdom
import { useQuery } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, expect, test } from "vitest";
import { answered, api } from "@/lib/api/client";
import { connection } from "@/lib/api/connection";
import { server, show } from "../testing/page";
import { ConnectionBanner } from "./ConnectionBanner";

afterEach(() => {
  connection.report(true);
});

function Presets() {
  const { data } = useQuery({ queryKey: ["presets"], queryFn: () => answered(api.GET("/api/v1/presets")) });
  return <p>{data?.length ?? "no"} presets</p>;
}

test("a lost server is said so until it answers again, then the page is brought up to date", async () => {
  let isThere = false;
  let presets: object[] = [];
  server.use(
    http.get("*/api/v1/presets", () => HttpResponse.json(presets)),
    http.get("*/api/v1/health", () => (isThere ? HttpResponse.json({ status: "ok" }) : HttpResponse.error())),
  );
  show(
    <>
      <Presets />
      <ConnectionBanner />
    </>,
  );
  await screen.findByText("0 presets");
  act(() => connection.report(false));
  expect(screen.getByRole("status").textContent).toContain("The server cannot be reached");
  presets = [{ name: "cpu-light", title: "Light", description: "", config: {} }];
  isThere = true;
  await screen.findByText("1 presets", {}, { timeout: 15_000 });
  expect(screen.getByRole("status").textContent).toBe("");
});
