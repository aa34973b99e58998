interface Seen {
  readonly camera: { readonly id: number };
  readonly start_s: number | null;
  readonly end_s: number | null;
}

/** Whether two tracklets are in one camera at one time: two vehicles, or two boxes on one. */
export function seenTogether(one: Seen, other: Seen): boolean {
  if (one.camera.id !== other.camera.id) return false;
  return (one.start_s ?? 0) <= (other.end_s ?? 0) && (other.start_s ?? 0) <= (one.end_s ?? 0);
}

/** Which of the two is better left in sight: the longer one, the first of equals. */
export function longerFirst<T extends { readonly length: number }>([one, other]: readonly [T, T]): readonly [
  T,
  T,
] {
  return other.length > one.length ? [other, one] : [one, other];
}
