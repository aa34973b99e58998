/** A stretch of scene time that is looked at, in seconds; `to` is above `from`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Less than this cannot be told apart on a video of 25 frames a second. */
export const SHORTEST_S = 0.5;

export function lengthOf({ from, to }: Span): number {
  return to - from;
}

/** `span` moved and cut so that it lies within `whole`. */
export function within(span: Span, whole: Span): Span {
  const length = Math.min(Math.max(lengthOf(span), SHORTEST_S), Math.max(lengthOf(whole), SHORTEST_S));
  const from = Math.min(Math.max(span.from, whole.from), Math.max(whole.to - length, whole.from));
  return { from, to: from + length };
}

/** Moved on by `seconds`, as far as `whole` goes. */
export function panned(span: Span, seconds: number, whole: Span): Span {
  return within({ from: span.from + seconds, to: span.to + seconds }, whole);
}

/** `factor` times as long (below 1: nearer), with the moment `at` staying where it is. */
export function zoomed(span: Span, factor: number, at: number, whole: Span): Span {
  const length = Math.min(Math.max(lengthOf(span) * factor, SHORTEST_S), lengthOf(whole));
  const share = lengthOf(span) > 0 ? (at - span.from) / lengthOf(span) : 0.5;
  const from = at - share * length;
  return within({ from, to: from + length }, whole);
}

/** The least movement that brings start..end into view, with some room; a long one is shown from its start. */
export function including(span: Span, start: number, end: number, whole: Span): Span {
  const room = lengthOf(span) * 0.1;
  if (start - room < span.from) return panned(span, start - room - span.from, whole);
  if (end + room > span.to)
    return panned(span, Math.min(end + room - span.to, start - room - span.from), whole);
  return span;
}
