import { useSyncExternalStore } from "react";
import { type Span, within } from "./span";

/** After so long without a change the view stands still, and what is dear to draw is drawn. */
const STILL_MS = 140;

export interface SpanState {
  readonly span: Span;
  readonly whole: Span;
  /** The view is being panned or zoomed. */
  readonly moving: boolean;
}

type Listener = () => void;

/** The stretch of time that is looked at, shared by all that draw it: canvases follow it without rendering a page. */
export class SpanStore {
  private state: SpanState;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<Listener>();

  constructor(whole: Span, span: Span = whole) {
    this.state = { whole, span: within(span, whole), moving: false };
  }

  readonly read = (): SpanState => this.state;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(span: Span): void {
    const inside = within(span, this.state.whole);
    if (inside.from === this.state.span.from && inside.to === this.state.span.to) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.publish({ ...this.state, moving: false }), STILL_MS);
    this.publish({ ...this.state, span: inside, moving: true });
  }

  private publish(state: SpanState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

/** The state once it stands still: for what is asked of the server, or written into a table. */
export function useStillSpan(store: SpanStore): Span {
  const still = useStillReader(store);
  return useSyncExternalStore(store.subscribe, still);
}

/** The state at every moment. */
export function useSpan(store: SpanStore): SpanState {
  return useSyncExternalStore(store.subscribe, store.read);
}

const lastStill = new WeakMap<SpanStore, Span>();

function useStillReader(store: SpanStore): () => Span {
  return () => {
    const { span, moving } = store.read();
    const before = lastStill.get(store);
    if (moving && before) return before;
    if (before && before.from === span.from && before.to === span.to) return before;
    lastStill.set(store, span);
    return span;
  };
}
