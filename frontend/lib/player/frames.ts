/**
 * Which frame is on screen. The server's list of presentation times is the truth: frame n is entry n, in seconds
 * from the first frame. A frame number never comes from `time * fps`.
 */

/** The last frame that has started at `time`; 0 before the first one. Times are increasing. */
export function frameShownAt(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The frame whose presentation time is nearest to `mediaTime`, as a browser reports it for the picture on screen.
 * Browsers round that time to microseconds, so the nearest entry is asked for and not the last one that started.
 */
export function frameOfPicture(times: readonly number[], mediaTime: number): number {
  const before = frameShownAt(times, mediaTime);
  const after = Math.min(before + 1, times.length - 1);
  const distanceBefore = Math.abs((times[before] ?? 0) - mediaTime);
  const distanceAfter = Math.abs((times[after] ?? 0) - mediaTime);
  return distanceAfter < distanceBefore ? after : before;
}

/** The time to seek to for showing `frame`: half way to the next one, so that rounding cannot show a neighbour. */
export function middleOfFrame(times: readonly number[], frame: number): number {
  const last = times.length - 1;
  const index = Math.max(0, Math.min(frame, last));
  const start = times[index] ?? 0;
  const next = times[index + 1];
  if (next !== undefined) return (start + next) / 2;
  const previous = times[index - 1];
  return previous === undefined ? start : start + (start - previous) / 2;
}
