import { type RefObject, useEffect } from "react";
import type { PlayerVideo } from "./camera";
import type { SceneClock } from "./clock";
import { coverage, driftCorrection } from "./follow";
import { frameShownAt, middleOfFrame } from "./frames";
import { useClockMode } from "./useClock";
import type { WaitingVideos } from "./waiting";

const CHECK_MS = 200;
/** Near its end a video has no future data to wait for. */
const END_S = 0.4;

/** Keeps a video at the scene clock: exactly on a frame while it stands, with its drift corrected while it plays. */
export function useFollow(
  element: RefObject<HTMLVideoElement | null>,
  video: PlayerVideo,
  times: readonly number[] | undefined,
  clock: SceneClock,
  waiting: WaitingVideos,
): void {
  const mode = useClockMode(clock);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of mode (play, speed, jump) starts it anew
  useEffect(() => {
    const player = element.current;
    if (!player || !times) return;
    const follower = new Follower(player, video, times, clock, waiting);
    follower.place();
    if (!clock.isPlaying) return;
    follower.keepUp();
    const timer = setInterval(follower.keepUp, CHECK_MS);
    return () => {
      clearInterval(timer);
      waiting.note(video.id, false);
    };
  }, [element, video, times, clock, waiting, mode]);
}

class Follower {
  constructor(
    private readonly player: HTMLVideoElement,
    private readonly video: PlayerVideo,
    private readonly times: readonly number[],
    private readonly clock: SceneClock,
    private readonly waiting: WaitingVideos,
  ) {}

  /** Stop on the frame of the clock's time (in its middle, so that rounding cannot show a neighbour). */
  place(): void {
    if (!this.clock.isPlaying) this.player.pause();
    const frame = frameShownAt(this.times, this.target());
    if (this.clock.isPlaying && Math.abs(this.player.currentTime - this.target()) < END_S) return;
    seekTo(this.player, middleOfFrame(this.times, frame));
  }

  /** One look at a playing video: start it, hold it, bend its speed or jump. */
  keepUp = (): void => {
    const where = coverage(this.clock.time, this.video.start_s, this.video.duration_s);
    const isWaiting = where === "inside" && this.lacksData();
    this.waiting.note(this.video.id, isWaiting);
    if (where !== "inside" || this.clock.isHeld) {
      this.player.pause();
      return;
    }
    if (this.player.paused && !this.player.ended) void this.player.play().catch(this.refused);
    const correction = driftCorrection(this.player.currentTime, this.target(), this.clock.speed);
    if (correction.kind === "rate") this.player.playbackRate = correction.rate;
    else if (!this.player.seeking) this.player.currentTime = this.target();
  };

  /** A start that a pause overtook is no refusal; one that the browser forbids stops the clock. */
  private refused = (reason: unknown): void => {
    if (!(reason instanceof DOMException && reason.name === "AbortError")) this.clock.pause();
  };

  private target(): number {
    return this.clock.time - this.video.start_s;
  }

  private lacksData(): boolean {
    if (this.player.error || this.target() > this.video.duration_s - END_S) return false;
    return this.player.seeking || this.player.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }
}

const pendingSeeks = new WeakMap<HTMLVideoElement, number>();

/** Seek; while a seek is under way only the newest wish is kept, so that dragging the seek bar stays quick. */
function seekTo(player: HTMLVideoElement, time: number): void {
  if (Math.abs(player.currentTime - time) < 1e-4) return;
  if (player.readyState === HTMLMediaElement.HAVE_NOTHING || player.seeking) {
    const isFirst = !pendingSeeks.has(player);
    pendingSeeks.set(player, time);
    if (!isFirst) return;
    const event = player.seeking ? "seeked" : "loadedmetadata";
    player.addEventListener(event, () => seekToPending(player), { once: true });
    return;
  }
  player.currentTime = time;
}

function seekToPending(player: HTMLVideoElement): void {
  const time = pendingSeeks.get(player);
  pendingSeeks.delete(player);
  if (time !== undefined) seekTo(player, time);
}
