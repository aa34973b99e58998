import { describe, expect, test } from "vitest";
import { including, panned, SHORTEST_S, within, zoomed } from "./span";

const whole = { from: 0, to: 100 };

describe("span of time", () => {
  test("zooming keeps the moment under the pointer where it is", () => {
    // 20..60 to half its length about 30, a quarter of the way: 25..45.
    expect(zoomed({ from: 20, to: 60 }, 0.5, 30, whole)).toEqual({ from: 25, to: 45 });
  });

  test("zooming out ends at the whole, zooming in at the shortest", () => {
    expect(zoomed({ from: 20, to: 60 }, 10, 30, whole)).toEqual(whole);
    const near = zoomed({ from: 20, to: 60 }, 1e-6, 30, whole);
    expect(near.to - near.from).toBeCloseTo(SHORTEST_S);
    expect(near.from).toBeLessThan(30);
    expect(near.to).toBeGreaterThan(30);
  });

  test("panning stops at the ends and keeps the length", () => {
    expect(panned({ from: 20, to: 60 }, 70, whole)).toEqual({ from: 60, to: 100 });
    expect(panned({ from: 20, to: 60 }, -70, whole)).toEqual({ from: 0, to: 40 });
  });

  test("a span from elsewhere is brought in", () => {
    expect(within({ from: 300, to: 320 }, whole)).toEqual({ from: 80, to: 100 });
    expect(within({ from: -50, to: 400 }, whole)).toEqual(whole);
  });

  test("what is looked for comes into view with the least movement", () => {
    const span = { from: 20, to: 40 };
    expect(including(span, 25, 30, whole)).toBe(span);
    expect(including(span, 50, 52, whole)).toEqual({ from: 34, to: 54 });
    expect(including(span, 10, 12, whole)).toEqual({ from: 8, to: 28 });
    // Longer than the span: from its start, not its end.
    expect(including(span, 50, 90, whole)).toEqual({ from: 48, to: 68 });
  });
});
