import type { Identity, IdentityTracklet } from "./api/getIdentities";

/** What is needed of a camera: its id and its name. */
export interface CameraName {
  readonly id: number;
  readonly name: string;
}

/** An identity's tracklets by camera, earliest first. */
export function byCamera(identity: Identity): ReadonlyMap<number, readonly IdentityTracklet[]> {
  const found = new Map<number, IdentityTracklet[]>();
  for (const tracklet of [...identity.tracklets].sort((a, b) => a.start_s - b.start_s)) {
    found.set(tracklet.camera, [...(found.get(tracklet.camera) ?? []), tracklet]);
  }
  return found;
}

/** The pictures to show where there is room for `count`: every tracklet's best one first, then the next best. */
export function bestCrops(tracklets: readonly IdentityTracklet[], count: number): string[] {
  const deepest = Math.max(0, ...tracklets.map((tracklet) => tracklet.crop_urls.length));
  const ranked = Array.from({ length: deepest }, (_, rank) =>
    tracklets.map((tracklet) => tracklet.crop_urls[rank]),
  );
  return ranked
    .flat()
    .filter((url) => url !== undefined)
    .slice(0, count);
}
