/**
 * One clock for a scene: every video follows it. Scene time is in seconds; it stands still while paused and while a
 * video that should be showing has nothing to show (`hold`), so that cameras stay together on a slow connection.
 */

export interface ClockState {
  readonly time: number;
  readonly playing: boolean;
  readonly rate: number;
  readonly duration: number;
  /** Counts jumps (seek, step): a follower that sees a new number sets its position at once. */
  readonly jumps: number;
}

type Listener = () => void;

export class SceneClock {
  private anchorTime = 0;
  private anchorNow = 0;
  private playing = false;
  private held = false;
  private rate = 1;
  private jumps = 0;
  private snapshot: ClockState;
  private readonly listeners = new Set<Listener>();

  constructor(
    private duration: number,
    start = 0,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {
    this.anchorTime = Math.max(0, Math.min(start, duration));
    this.anchorNow = this.now();
    this.snapshot = this.read();
  }

  /** Scene time at this moment. */
  get time(): number {
    if (!this.playing || this.held) return this.anchorTime;
    return Math.min(this.duration, this.anchorTime + (this.now() - this.anchorNow) * this.rate);
  }

  get isPlaying(): boolean {
    return this.playing;
  }

  get isHeld(): boolean {
    return this.held;
  }

  get speed(): number {
    return this.rate;
  }

  /** Start, from the beginning when the end was reached. */
  play(): void {
    if (this.playing) return;
    if (this.time >= this.duration) this.jumpTo(0);
    this.anchor();
    this.playing = true;
    this.publish();
  }

  pause(): void {
    if (!this.playing) return;
    this.anchor();
    this.playing = false;
    this.held = false;
    this.publish();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  seek(time: number): void {
    this.jumpTo(time);
    this.publish();
  }

  setRate(rate: number): void {
    this.anchor();
    this.rate = rate;
    this.publish();
  }

  setDuration(duration: number): void {
    if (duration === this.duration) return;
    this.duration = duration;
    this.anchorTime = Math.min(this.anchorTime, duration);
    this.publish();
  }

  /** Stand still (or go on) without pausing: a video is waiting for data. */
  hold(held: boolean): void {
    if (held === this.held) return;
    this.anchor();
    this.held = held;
  }

  /** Called once a picture by whoever shows the time: tells the listeners and stops at the end. */
  tick(): void {
    if (this.playing && this.time >= this.duration) this.pause();
    else this.publish();
  }

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  state = (): ClockState => this.snapshot;

  private jumpTo(time: number): void {
    this.anchorTime = Math.max(0, Math.min(time, this.duration));
    this.anchorNow = this.now();
    this.jumps += 1;
  }

  private anchor(): void {
    this.anchorTime = this.time;
    this.anchorNow = this.now();
  }

  private publish(): void {
    this.snapshot = this.read();
    for (const listener of this.listeners) listener();
  }

  private read(): ClockState {
    return {
      time: this.time,
      playing: this.playing,
      rate: this.rate,
      duration: this.duration,
      jumps: this.jumps,
    };
  }
}
