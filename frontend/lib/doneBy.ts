/** An operation as a refusal names it. */
export interface Told {
  readonly number: number;
  readonly kind: string;
  readonly actor: string;
}

/** Who did what: "ben, operation #12 (split track)". */
export function doneBy({ actor, number, kind }: Told): string {
  return `${actor}, operation #${number} (${kind.replace("_", " ")})`;
}
