import { describe, expect, test } from "vitest";
import { fitOf, panned, ViewStore, wholeView, zoomed } from "./view";

const PICTURE = { width: 100, height: 50 };

describe("the view", () => {
  const area = { width: 200, height: 200 };
  test("of the whole picture is its fit, and zooming keeps the point under the pointer", () => {
    const whole = wholeView(PICTURE);
    expect(fitOf(whole, PICTURE, area)).toEqual({ scale: 2, left: 0, top: 50 });
    const near = fitOf(zoomed(whole, 4, 50, 100, PICTURE, area), PICTURE, area);
    expect(near.scale).toBe(8);
    expect(near.left + 25 * near.scale).toBeCloseTo(50);
  });
  test("cannot leave the picture, and zooming out ends at all of it", () => {
    const near = zoomed(wholeView(PICTURE), 4, 100, 100, PICTURE, area);
    expect(fitOf(panned(near, 9999, 0, PICTURE, area), PICTURE, area).left).toBeCloseTo(0);
    expect(zoomed(near, 0.01, 0, 0, PICTURE, area)).toEqual(wholeView(PICTURE));
  });
  test("is told to those that listen, until they stop", () => {
    const [whole, near] = [wholeView(PICTURE), zoomed(wholeView(PICTURE), 4, 0, 0, PICTURE, area)];
    const views = new ViewStore(whole);
    const seen: number[] = [];
    const stop = views.subscribe(() => seen.push(views.get().zoom));
    views.set(near);
    stop();
    views.set(whole);
    expect([seen, views.get()]).toEqual([[4], whole]);
  });
});
