/** Two configurations side by side: what is set otherwise. */

export interface SettingChange {
  /** As "tracker.min_length". */
  readonly name: string;
  /** Null: the default. */
  readonly before: string | null;
  readonly after: string | null;
}

type Settings = Readonly<Record<string, unknown>>;

function isGroup(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function flat(settings: Settings, path = ""): [string, string][] {
  return Object.entries(settings).flatMap(([key, value]) =>
    isGroup(value) ? flat(value, `${path}${key}.`) : [[`${path}${key}`, words(value)] as [string, string]],
  );
}

function words(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** In the order of their names. */
export function settingChanges(before: Settings, after: Settings): SettingChange[] {
  const [old, now] = [new Map(flat(before)), new Map(flat(after))];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((name) => ({ name, before: old.get(name) ?? null, after: now.get(name) ?? null }))
    .filter((change) => change.before !== change.after);
}
