import { describe, expect, test } from "vitest";
import { aPair } from "./testing";
import { beliefOf, decidesWords, histogramBars } from "./why";

describe("the machine's belief", () => {
  test("is its calibrated probability", () => {
    expect(beliefOf(aPair({ probability: 0.714 })).figure).toBe("71%");
  });

  test("without one is the pair's rank among all compared, and says so", () => {
    const belief = beliefOf(aPair({ probability: null, distance_percentile: 0.18 }));
    expect(belief).toMatchObject({ figure: "nearest 18%", words: "of all compared pairs" });
    expect(belief.basis).toContain("no calibrated probability");
  });

  test("of a pair that was never compared is none", () => {
    expect(beliefOf(aPair({ probability: null, distance_percentile: null })).words).toBe("never compared");
  });
});

test("what an answer does is said in tracklets and pairs", () => {
  expect(decidesWords(aPair({ joined: false, decides: 4 }))).toBe(
    "Now two identities; “same” joins them (2 + 1 tracklets). Settles 4 pairs at once.",
  );
  expect(decidesWords(aPair({ joined: true, decides: 1 }))).toBe(
    "Now one identity of 2 tracklets; “different” separates them.",
  );
});

describe("the histogram of transit times", () => {
  const edges = [0, 5, 10, 20];

  test("has bars as wide as their bins and as high as their share of the highest", () => {
    const { bars } = histogramBars(edges, [1, 4, 2], 7);
    expect(bars.map(({ left, width, height }) => [left, width, height])).toEqual([
      [0, 0.25, 0.25],
      [0.25, 0.25, 1],
      [0.5, 0.5, 0.5],
    ]);
  });

  test.each([
    [0, [true, false, false], 0, false],
    [5, [false, true, false], 0.25, false],
    [20, [false, false, true], 1, false],
    [31, [false, false, false], 1, true],
    [-2, [false, false, false], 0, true],
  ])("a time of %f s lies where it belongs", (value, holds, at, isOutside) => {
    const histogram = histogramBars(edges, [1, 4, 2], value);
    expect(histogram.bars.map((bar) => bar.holds)).toEqual(holds);
    expect([histogram.at, histogram.isOutside]).toEqual([at, isOutside]);
  });
});
