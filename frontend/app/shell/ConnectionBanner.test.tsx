// @vitest-environment jsdom
import { useQuery } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, expect, test } from "vitest";
import { useSetup } from "@/features/setup/api/getSetup";
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

/** An editor of a camera's set-up. */
function Editor() {
  return <p>version {useSetup(7).data?.version}</p>;
}

test("a lost server is said so until it answers again, then the page is brought up to date, less what is being edited", async () => {
  let isThere = false;
  let presets: object[] = [];
  let version = 0;
  server.use(
    http.get("*/api/v1/cameras/7/setup", () => HttpResponse.json({ version: ++version })),
    http.get("*/api/v1/presets", () => HttpResponse.json(presets)),
    http.get("*/api/v1/health", () => (isThere ? HttpResponse.json({ status: "ok" }) : HttpResponse.error())),
  );
  show(
    <>
      <Editor />
      <Presets />
      <ConnectionBanner />
    </>,
  );
  await screen.findByText("0 presets");
  await screen.findByText("version 1");
  act(() => connection.report(false));
  expect(screen.getByRole("status").textContent).toContain("The server cannot be reached");
  presets = [{ name: "cpu-light", title: "Light", description: "", config: {} }];
  isThere = true;
  await screen.findByText("1 presets", {}, { timeout: 15_000 });
  expect(screen.getByRole("status").textContent).toBe("");
  expect(version).toBe(1);
});
