import { describe, expect, test } from "vitest";
import { pathAt } from "./draw";
import { latitudeLongitude } from "./geographic";
import { boundsOf, dragged, fitted, planOnScreen, scaled, toGround, toScreen } from "./mapView";
import { partOf, pathsOf, placeAt } from "./paths";

const size = { width: 400, height: 200 };

describe("the view of the ground", () => {
  const bounds = boundsOf([
    [0, 0, 100, 10],
    [50, -20],
  ]);

  test("all of the bounds is in view, north is up", () => {
    expect(bounds).toEqual({ left: 0, right: 100, bottom: -20, top: 10 });
    const view = fitted(bounds ?? { left: 0, right: 0, bottom: 0, top: 0 }, size);
    const [left] = toScreen(view, size, 0, 0);
    const [right] = toScreen(view, size, 100, 0);
    expect(left).toBeGreaterThan(0);
    expect(right).toBeLessThan(400);
    expect(toScreen(view, size, 50, 10)[1]).toBeLessThan(toScreen(view, size, 50, -20)[1]);
  });

  test("a plan lies where its pixels' places are", () => {
    const view = { x: 10, y: 20, scale: 2 };
    const [a, b, c, d, e, f] = planOnScreen([0.3, 0.4, 5, 0.4, -0.3, 60], view, size);
    const [u, v] = [70, 30];
    const place: [number, number] = [0.3 * u + 0.4 * v + 5, 0.4 * u - 0.3 * v + 60];
    const [x, y] = toScreen(view, size, ...place);
    expect(a * u + c * v + e).toBeCloseTo(x);
    expect(b * u + d * v + f).toBeCloseTo(y);
  });

  test("zooming keeps the place under the pointer, dragging moves the ground with the hand", () => {
    const view = { x: 10, y: 20, scale: 2 };
    const before = toGround(view, size, 300, 50);
    const after = toGround(scaled(view, size, 1.7, 300, 50), size, 300, 50);
    expect(after[0]).toBeCloseTo(before[0]);
    expect(after[1]).toBeCloseTo(before[1]);
    const [x, y] = toScreen(dragged(view, 15, -5), size, 10, 20);
    expect([x, y]).toEqual([215, 95]);
  });

  test("without points there are no bounds", () => {
    expect(boundsOf([])).toBeNull();
  });
});

describe("paths", () => {
  const { paths, complete } = pathsOf(
    [
      {
        id: [7, 8],
        camera: [1, 1],
        identity: [3, 0],
        times_ms: [[1000, 2000, 4000], []],
        places_cm: [[0, 0, 1000, 0, 1000, 2000], []],
      },
    ],
    false,
  );
  const path = paths[0] ?? {
    id: 0,
    camera: 0,
    identity: 0,
    times: new Float64Array(),
    places: new Float64Array(),
  };

  test("tracklets without a known place are left out, and it is told when there are more", () => {
    expect(paths.map(({ id }) => id)).toEqual([7]);
    expect(complete).toBe(false);
  });

  test("a place between two moments is between their places, outside it is the nearest", () => {
    expect(placeAt(path, 1.5)).toEqual([5, 0]);
    expect(placeAt(path, 3)).toEqual([10, 10]);
    expect(placeAt(path, 9)).toEqual([10, 20]);
  });

  test("a part begins and ends at the moments asked for", () => {
    expect(partOf(path, { from: 1.5, to: 3 })).toEqual([5, 0, 10, 0, 10, 10]);
    expect(partOf(path, { from: 5, to: 6 })).toEqual([]);
    expect(partOf(path, { from: 0, to: 9 })).toEqual([0, 0, 10, 0, 10, 20]);
  });

  test("the path under the pointer is found anywhere along it, none elsewhere", () => {
    const picture = { view: { x: 0, y: 0, scale: 10 }, size, paths, span: { from: 0, to: 9 } };
    expect(pathAt(picture, 250, 103)?.id).toBe(7);
    expect(pathAt(picture, 250, 130)).toBeNull();
  });
});

test("metres about an origin are degrees as tables have them", () => {
  // At 42.5256 N a degree is 111,083 m north and 82,165 m east.
  const [latitude, longitude] = latitudeLongitude(
    { latitude: 42.5256, longitude: -90.7234 },
    82.165,
    111.083,
  );
  expect(latitude).toBeCloseTo(42.5266, 6);
  expect(longitude).toBeCloseTo(-90.7224, 6);
});
