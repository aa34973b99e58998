import type { SceneClock } from "./clock";

/** Videos that have nothing to show yet. While there is one, the scene clock stands still for all of them. */
export class WaitingVideos {
  private readonly waiting = new Set<number>();

  constructor(private readonly clock: SceneClock) {}

  note(video: number, isWaiting: boolean): void {
    if (isWaiting) this.waiting.add(video);
    else this.waiting.delete(video);
    this.clock.hold(this.waiting.size > 0);
  }
}
