const WINDOW_MS = 8000;

/** How fast bytes go out, over the last seconds. */
export class Pace {
  private readonly samples: { at: number; done: number }[] = [];

  /** Bytes a second now that `done` bytes are out at `at` milliseconds; null while there is nothing to go by. */
  heard(done: number, at: number): number | null {
    this.samples.push({ at, done });
    while (this.samples.length > 2 && (this.samples[0]?.at ?? at) < at - WINDOW_MS) this.samples.shift();
    const first = this.samples[0];
    if (!first || at - first.at < 500) return null;
    return ((done - first.done) / (at - first.at)) * 1000;
  }
}
