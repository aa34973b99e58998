import { describe, expect, test } from "vitest";
import { IDENTITY_PALETTE, identityColour, ON_IDENTITY_COLOUR } from "./identityColour";

type Rgb = [number, number, number];

function linear(hex: string): Rgb {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Machado, Oliveira, Fernandes 2009, severity 1, in linear RGB.
const SIGHT: Record<string, [Rgb, Rgb, Rgb]> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

function seen(colour: Rgb, matrix: [Rgb, Rgb, Rgb]): Rgb {
  const row = ([a, b, c]: Rgb): number => Math.max(0, a * colour[0] + b * colour[1] + c * colour[2]);
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** CIE76 difference in Lab under D65. */
function difference(left: Rgb, right: Rgb): number {
  const lab = ([red, green, blue]: Rgb): Rgb => {
    const curve = (value: number): number => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
    const x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
    const y = curve(luminance([red, green, blue]));
    const z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const [l1, a1, b1] = lab(left);
  const [l2, a2, b2] = lab(right);
  return Math.hypot(l1 - l2, a1 - a2, b1 - b2);
}

describe.each(Object.entries(SIGHT))("with %s sight", (_name, matrix) => {
  test("every two colours of the palette can be told apart", () => {
    for (const [at, left] of IDENTITY_PALETTE.entries()) {
      for (const right of IDENTITY_PALETTE.slice(at + 1)) {
        expect(
          difference(seen(linear(left), matrix), seen(linear(right), matrix)),
          `${left} ${right}`,
        ).toBeGreaterThan(20);
      }
    }
  });
});

test("labels are readable on every colour", () => {
  for (const colour of IDENTITY_PALETTE) {
    const contrast = (luminance(linear(colour)) + 0.05) / (luminance(linear(ON_IDENTITY_COLOUR)) + 0.05);
    expect(contrast).toBeGreaterThan(4.5);
  }
});

test("a number keeps its colour and its neighbours have others", () => {
  expect(identityColour(12)).toBe(identityColour(12));
  for (let number = 1; number < 50; number++)
    expect(identityColour(number)).not.toBe(identityColour(number + 1));
});

test("all colours are used", () => {
  expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(identityColour)).size).toBe(IDENTITY_PALETTE.length);
});
