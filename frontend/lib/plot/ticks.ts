const SECOND_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600];

/** The shortest readable distance in seconds between marks, if at most `most` fit into `length` seconds. */
export function timeStep(length: number, most: number): number {
  return SECOND_STEPS.find((step) => length / step <= most) ?? Math.ceil(length / most / 86_400) * 86_400;
}

/** 1, 2 or 5 times a power of ten: the greatest that is not above `most`. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const times = most / power >= 5 ? 5 : most / power >= 2 ? 2 : 1;
  return times * power;
}

/** The multiples of `step` from `from` to `to`. */
export function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}
