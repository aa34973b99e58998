import type { Action } from "./action";

type Listener = () => void;

/** The actions that are possible now. Whoever is on screen adds its own and takes them away when it leaves. */
export class ActionRegistry {
  private readonly lists = new Map<symbol, readonly Action[]>();
  private readonly listeners = new Set<Listener>();
  private all: readonly Action[] = [];

  /** Add a list under `owner`, replacing its earlier one. Two owners with one id or one key are a mistake: throws. */
  put(owner: symbol, actions: readonly Action[]): void {
    const others = [...this.lists].filter(([key]) => key !== owner).flatMap(([, list]) => list);
    checkDistinct([...others, ...actions]);
    this.lists.set(owner, actions);
    this.publish();
  }

  remove(owner: symbol): void {
    if (this.lists.delete(owner)) this.publish();
  }

  actions = (): readonly Action[] => this.all;

  /** What cannot be done and why reaches the person through `tell`, set by the shell. */
  tell: (sentence: string) => void = () => {};

  /** Do it, or say why not. */
  perform = (action: Action): void => {
    if (action.unavailable) this.tell(`${action.title}: ${action.unavailable}`);
    else action.perform();
  };

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private publish(): void {
    this.all = [...this.lists.values()].flat();
    for (const listener of this.listeners) listener();
  }
}

function keysOf(action: Action): string[] {
  return (action.keys ?? "")
    .split(",")
    .map((key) => key.trim())
    .filter(Boolean);
}

function checkDistinct(actions: readonly Action[]): void {
  const ids = new Set<string>();
  const keys = new Map<string, string>();
  for (const action of actions) {
    if (ids.has(action.id)) throw new Error(`two actions are called ${action.id}`);
    ids.add(action.id);
    for (const key of keysOf(action)) {
      const other = keys.get(key);
      if (other) throw new Error(`${key} is the key of ${other} and of ${action.id}`);
      keys.set(key, action.id);
    }
  }
}

/** Actions by group, in the order in which groups first appear. */
export function grouped(actions: readonly Action[]): [string, Action[]][] {
  const groups = new Map<string, Action[]>();
  for (const action of actions) groups.set(action.group, [...(groups.get(action.group) ?? []), action]);
  return [...groups];
}

export const registry = new ActionRegistry();
