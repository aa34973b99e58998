/** The frame on screen, told by the video: what shows it listens here, so that the page is not built anew at every picture. */
export class FrameStore {
  private frame = 0;
  private readonly listeners = new Set<() => void>();

  get = (): number => this.frame;

  set(frame: number): void {
    if (frame === this.frame) return;
    this.frame = frame;
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
