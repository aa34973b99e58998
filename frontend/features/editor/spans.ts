/** Arithmetic of spans: increasing stretches of frames that do not touch. */
import type { Span } from "./types";

/** What of `spans` lies in `first`..`last`. */
export function cut(spans: readonly Span[], first: number, last: number): Span[] {
  return spans.flatMap(([from, to]): Span[] =>
    to < first || from > last ? [] : [[Math.max(from, first), Math.min(to, last)]],
  );
}

/** All frames of both; stretches that touch become one. */
export function joined(spans: readonly Span[], others: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const [from, to] of [...spans, ...others].sort((a, b) => a[0] - b[0])) {
    const before = result.at(-1);
    if (before && from <= before[1] + 1) result[result.length - 1] = [before[0], Math.max(before[1], to)];
    else result.push([from, to]);
  }
  return result;
}

export function without(spans: readonly Span[], frame: number): Span[] {
  return [
    ...cut(spans, Number.NEGATIVE_INFINITY, frame - 1),
    ...cut(spans, frame + 1, Number.POSITIVE_INFINITY),
  ];
}

export function covers(spans: readonly Span[], frame: number): boolean {
  return spans.some(([first, last]) => first <= frame && frame <= last);
}

/** The frames between which `frame` lies without a box, or null where it has one or lies outside. */
export function gapAround(spans: readonly Span[], frame: number): Span | null {
  const next = spans.findIndex(([first]) => first > frame);
  const before = spans[next - 1];
  const after = spans[next];
  if (!before || !after || before[1] >= frame) return null;
  return [before[1], after[0]];
}

export function frameCount(spans: readonly Span[]): number {
  return spans.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}
