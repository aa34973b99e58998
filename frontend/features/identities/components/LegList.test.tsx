// @vitest-environment jsdom
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { LegList } from "./LegList";

test("what no vehicle can have done stands first, with its reason", () => {
  const ordinary = {
    left: 1,
    right: 2,
    gap_s: 12,
    distance_m: 150,
    speed_mps: 12.5,
    problem: "" as const,
    reason: "",
  };
  const overlap = {
    ...ordinary,
    left: 2,
    right: 3,
    gap_s: -4,
    problem: "overlap" as const,
    reason: "Both in view in c001.",
  };
  const cameraOf = new Map([
    [1, "c001"],
    [2, "c002"],
    [3, "c002"],
  ]);
  render(<LegList legs={[ordinary, overlap]} cameraOf={cameraOf} />);
  const [first, second] = screen.getAllByRole("listitem").map((item) => item.textContent);
  expect(first).toBe("Impossible: two in one view. Both in view in c001.");
  expect(second).toBe("c001 → c002 after 12 s · 150 m · 45 km/h");
});
