import { Problem, sentenceOf } from "@/lib/api/problem";

/**
 * Decisions on their way to the server. What a person decided is kept in the tab's storage, with the key that makes
 * it happen once, until the server has confirmed it: it survives a reload, a lost connection and an ended session.
 * What the server refuses stays here too, with its reason, until the person has read it.
 */

/** `waiting`: not sent yet, or to be sent again. `refused`: the server said no, and `problem` says why. */
export type EntryState = "waiting" | "sending" | "refused";

interface Common {
  /** The Idempotency-Key. */
  readonly key: string;
  readonly scene: number;
  readonly state: EntryState;
  /** Sent at least once without an answer: the server may have it. */
  readonly tried: boolean;
  readonly problem: string | null;
  /** The server's name for the reason why it was refused. */
  readonly code: string | null;
  /** What else it said of it. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface DecisionEntry<Decision> extends Common {
  readonly kind: "decision";
  readonly decision: Decision;
  /** Keys of decisions that it builds on: it waits until they are stored, and is refused with them. */
  readonly needs: readonly string[];
}

export interface UndoEntry extends Common {
  readonly kind: "undo";
  /** The operation to undo; null while its decision, the entry `of`, is on its way itself. */
  readonly operation: number | null;
  readonly of: string | null;
}

export type Entry<Decision> = DecisionEntry<Decision> | UndoEntry;

/** What became of an entry that the server has. */
export interface Stored<Decision> {
  /** The number by which the operation can be undone. */
  readonly operation: number;
  /** Rewrites the decisions that still wait with what is known now: numbers and versions that this one brought. */
  readonly carry?: (waiting: Decision) => Decision;
}

/** Sends one entry; throws the server's Problem. */
export type Send<Decision> = (entry: Entry<Decision>) => Promise<Stored<Decision>>;

/** Where entries are kept: the tab's sessionStorage. */
export type Shelf = Pick<Storage, "getItem" | "setItem">;

const UNSENT = { state: "waiting", tried: false, problem: null, code: null, extra: {} } as const;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** No answer, signed out, too busy, a gateway without a server: the next entry would fare no better. */
const NOBODY_THERE: ReadonlySet<number> = new Set([0, 401, 408, 429, 502, 503, 504]);

type Outcome = "stored" | "refused" | "later" | "nobody";

function outcomeOf(problem: unknown): Outcome {
  // An answer that broke off in the middle: it may have been stored, and sending again says so.
  if (!(problem instanceof Problem)) return "later";
  if (NOBODY_THERE.has(problem.status) || problem.code === "csrf-failed") return "nobody";
  return problem.status >= 500 ? "later" : "refused";
}

export class Outbox<Decision> {
  private all: readonly Entry<Decision>[];
  private running = false;
  private stopped = false;
  private waitMs = FIRST_WAIT_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly shelf: Shelf,
    private readonly name: string,
    private readonly send: Send<Decision>,
  ) {
    const kept = JSON.parse(shelf.getItem(name) ?? "[]") as Entry<Decision>[];
    // One that was being sent when the page went away may have arrived: its key makes sending it again harmless.
    this.all = kept.map((entry) => (entry.state === "sending" ? { ...entry, state: "waiting" } : entry));
  }

  entries = (): readonly Entry<Decision>[] => this.all;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  decide(key: string, scene: number, decision: Decision, needs: readonly string[] = []): void {
    this.add({ kind: "decision", key, scene, decision, needs, ...UNSENT });
  }

  undo(key: string, scene: number, operation: number): void {
    this.add({ kind: "undo", key, scene, operation, of: null, ...UNSENT });
  }

  /** Take a decision back that may not have arrived yet. One that was never sent is simply forgotten. */
  takeBack(key: string, of: string): void {
    const decision = this.all.find((entry) => entry.key === of);
    if (!decision) return;
    if (decision.state !== "sending" && !decision.tried) {
      this.dismiss(of);
      return;
    }
    this.add({ kind: "undo", key, scene: decision.scene, operation: null, of, ...UNSENT });
  }

  /** Forget an entry: the person has read why it was refused. */
  dismiss(key: string): void {
    this.replace(this.all.filter((entry) => entry.key !== key));
  }

  /** Send what waits, now: at the start, after signing in, when the server answers again. */
  resume = (): void => {
    this.stopped = false;
    clearTimeout(this.timer);
    this.waitMs = FIRST_WAIT_MS;
    void this.run();
  };

  /** Start no further request until `resume`: nobody is signed in, or the page goes away. What is kept stays kept. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private add(entry: Entry<Decision>): void {
    this.replace([...this.all, entry]);
    void this.run();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    const isDone = await this.round();
    this.running = false;
    if (this.stopped) return;
    clearTimeout(this.timer);
    if (!isDone) this.timer = setTimeout(() => void this.run(), this.waitMs);
    this.waitMs = isDone ? FIRST_WAIT_MS : Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  /** Send what waits, oldest first; one that the server stumbles over is left for later. Returns whether all is sent. */
  private async round(): Promise<boolean> {
    const left = new Set<string>();
    for (;;) {
      const next = this.all.find((entry) => entry.state === "waiting" && !left.has(entry.key));
      if (!next || this.stopped) return left.size === 0;
      const outcome = await this.attempt(next);
      if (outcome === "nobody") return false;
      if (outcome === "later") left.add(next.key);
    }
  }

  private async attempt(entry: Entry<Decision>): Promise<Outcome> {
    if (this.isEarly(entry)) return "later";
    this.change(entry.key, { state: "sending", tried: true });
    try {
      this.confirmed(entry, await this.send(entry));
      return "stored";
    } catch (error) {
      const outcome = outcomeOf(error);
      const state = outcome === "refused" ? "refused" : "waiting";
      this.change(entry.key, { state, problem: sentenceOf(error), ...saidOf(error) });
      if (outcome === "refused") this.refuseWhatBuildsOn(entry.key);
      return outcome;
    }
  }

  /** Whether something that the entry builds on is still on its way. */
  private isEarly(entry: Entry<Decision>): boolean {
    if (entry.kind === "undo") return entry.operation === null;
    return entry.needs.some((key) => this.all.some((other) => other.key === key));
  }

  private refuseWhatBuildsOn(key: string): void {
    this.replace(this.all.filter((other) => !isUndoOf(other, key)));
    for (const { key: builder } of this.all.filter((other) => buildsOn(other, key))) {
      this.change(builder, { state: "refused", problem: "It builds on an edit that was refused." });
      this.refuseWhatBuildsOn(builder);
    }
  }

  private confirmed(entry: Entry<Decision>, { operation, carry }: Stored<Decision>): void {
    const rest = this.all.filter((other) => other.key !== entry.key);
    this.replace(
      rest.map((other) => {
        if (isUndoOf(other, entry.key)) return { ...other, operation };
        return other.kind === "decision" && carry ? { ...other, decision: carry(other.decision) } : other;
      }),
    );
  }

  private change(key: string, changes: Partial<Common>): void {
    this.replace(this.all.map((entry) => (entry.key === key ? { ...entry, ...changes } : entry)));
  }

  private replace(entries: readonly Entry<Decision>[]): void {
    this.all = entries;
    this.shelf.setItem(this.name, JSON.stringify(entries));
    for (const listener of this.listeners) listener();
  }
}

function saidOf(error: unknown): Pick<Common, "code" | "extra"> {
  return error instanceof Problem ? { code: error.code, extra: error.extra } : { code: null, extra: {} };
}

function buildsOn<Decision>(entry: Entry<Decision>, key: string): boolean {
  return entry.kind === "decision" && entry.needs.includes(key);
}

function isUndoOf<Decision>(entry: Entry<Decision>, key: string): boolean {
  return entry.kind === "undo" && entry.of === key;
}
