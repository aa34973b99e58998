/** Two configurations side by side: what is set otherwise. */

import { flat, isGroup } from "@/lib/flat";
import { KINDS } from "@/lib/modelKinds";
import type { Run } from "./api/getRun";

export interface SettingChange {
  /** As "tracker.min_length". */
  readonly name: string;
  /** Null: the default. */
  readonly before: string | null;
  readonly after: string | null;
}

type Settings = Readonly<Record<string, unknown>>;

/** Preset, configuration and networks of a run; of the scene's own networks the version says more than the file. */
export function settingsOf({ preset, config, versions, models_used: models }: Run): Settings {
  const own = KINDS.map((kind) => [`${kind} version`, versions[kind]]);
  const used = Object.entries(models).map(([stage, { name, checksum }]) => [
    `${stage} with`,
    `${name} ${checksum.slice(0, 10)}`,
  ]);
  const { detector, embedder } = config;
  const stages = { detector: withoutWeights(detector), embedder: withoutWeights(embedder) };
  return { preset, ...config, ...stages, ...Object.fromEntries([...own, ...used]) };
}

function withoutWeights(stage: unknown): Settings {
  return isGroup(stage)
    ? Object.fromEntries(Object.entries(stage).filter(([name]) => name !== "weights"))
    : {};
}

/** In the order of their names. */
export function settingChanges(before: Settings, after: Settings): SettingChange[] {
  const [old, now] = [new Map(flat(before)), new Map(flat(after))];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((name) => ({ name, before: old.get(name) ?? null, after: now.get(name) ?? null }))
    .filter((change) => change.before !== change.after);
}
