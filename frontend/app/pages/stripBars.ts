import type { Identity } from "@/features/identities/api/getIdentities";
import type { Side } from "@/features/review/sides";
import type { StripBar } from "@/features/review/strip";
import type { Pair } from "@/features/review/types";

/** The pair's two tracklets, then the other tracklets of its identities as far as they are known. */
export function stripBars(pair: Pair, identities: readonly (Identity | undefined)[]): StripBar[] {
  const sides: readonly Side[] = ["left", "right"];
  const own = sides.map((side): StripBar => {
    const { id, camera, identity, start_s, end_s } = pair[side];
    return { id, camera: camera.id, identity: identity.number, start_s, end_s, side };
  });
  const shown = new Set(own.map(({ id }) => id));
  const others = identities.flatMap((identity) =>
    (identity?.tracklets ?? []).flatMap(({ id, camera, start_s, end_s }) => {
      if (shown.has(id)) return [];
      shown.add(id);
      return [{ id, camera, identity: identity?.number ?? 0, start_s, end_s, side: null }];
    }),
  );
  return [...own, ...others];
}
