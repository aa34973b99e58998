import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { type IdentityFilter, ORDERINGS, type Ordering } from "@/features/identities/api/getIdentities";
import { counted } from "@/lib/format";
import { type SceneView, wholeNumber } from "./sceneView";

const orderings = Object.entries(ORDERINGS).map(([value, label]) => ({ value, label }));

/** Identities of several cameras are what people look for, but a scene of one camera has none. */
export function fewestCameras(cameras: number): number {
  return cameras === 1 ? 1 : 2;
}

/** The choices of "in at least n cameras". */
export function cameraCounts(cameras: number): { value: string; label: string }[] {
  return Array.from({ length: Math.max(cameras, 1) }, (_, index) => ({
    value: String(index + 1),
    label: index === 0 ? "all identities" : `at least ${counted(index + 1, "camera")}`,
  }));
}

function isOrdering(text: string | null): text is Ordering {
  return text !== null && text in ORDERINGS;
}

/** The list's filter and order, kept in the address beside the rest of the view. */
export function useIdentityFilter(view: SceneView, cameras: number) {
  const [search] = useSearchParams();
  const order = search.get("order");
  const minCameras = wholeNumber(search.get("min")) ?? fewestCameras(cameras);
  const camera = wholeNumber(search.get("seen"));
  const filter = useMemo<IdentityFilter>(
    () => ({ minCameras, camera, ordering: isOrdering(order) ? order : "-camera_count" }),
    [minCameras, camera, order],
  );
  const linkTo = (identity: number): string => {
    const place = new URLSearchParams(search);
    place.set("identity", String(identity));
    return `/scenes/${view.sceneId}/identities?${place}`;
  };
  return { filter, setFilter: view.change, orderings, linkTo };
}
