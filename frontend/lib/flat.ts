/** Nested values as lines: "tracker.age" and what stands there. */

type Values = Readonly<Record<string, unknown>>;

export function isGroup(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** In the order in which they stand. */
export function flat(values: Values, path = ""): [string, string][] {
  return Object.entries(values).flatMap(([key, value]) =>
    isGroup(value) ? flat(value, `${path}${key}.`) : [[`${path}${key}`, words(value)] as [string, string]],
  );
}

function words(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
