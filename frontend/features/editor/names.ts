/** Edits give tracklets new ids: which came after which, so that what is selected stays selected. */
export class Names {
  private readonly after = new Map<number, Set<number>>();

  note(names: ReadonlyMap<number, number>): void {
    for (const [id, now] of names) {
      if (id === now) continue;
      const known = this.after.get(id) ?? new Set();
      // The newest last: it is looked at first.
      known.delete(now);
      this.after.set(id, known.add(now));
    }
  }

  /** `id` itself where it is shown, else the nearest of those that came of it (undo leads back to earlier ones). */
  resolve(id: number, isShown: (id: number) => boolean): number {
    const seen = new Set([id]);
    for (const at of seen) {
      if (isShown(at)) return at;
      for (const next of [...(this.after.get(at) ?? [])].reverse()) seen.add(next);
    }
    return id;
  }
}
