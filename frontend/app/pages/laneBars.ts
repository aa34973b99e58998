import type { Identity } from "@/features/identities/api/getIdentities";
import type { LaneBar } from "@/features/player/lanes";

/** The tracklets of identities as bars on the player's lanes. */
export function laneBars(identities: readonly Identity[]): LaneBar[] {
  return identities.flatMap(({ number, tracklets }) =>
    tracklets.map(({ id, camera, start_s, end_s }) => ({
      key: id,
      camera,
      identity: number,
      start_s,
      end_s,
    })),
  );
}
