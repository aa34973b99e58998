import { useMemo } from "react";
import { useIdentity } from "@/features/identities/api/getIdentity";
import { useJourney } from "@/features/identities/api/getJourney";
import type { JourneyView } from "@/features/identities/components/IdentityPanel";
import { LegList } from "@/features/identities/components/LegList";
import { useGround } from "@/features/map/api/getGround";
import { SceneMap } from "@/features/map/components/SceneMap";
import { pathsOf } from "@/features/map/paths";
import { SpanStore } from "@/lib/plot/spanStore";
import classes from "./SpacePage.module.css";

interface NamedCamera {
  readonly id: number;
  readonly name: string;
}

const nothing = (): void => undefined;

/** How an identity went from camera to camera: a small map, the legs, and what no vehicle can have done. */
export function useIdentityJourney(
  sceneId: number,
  runId: number | null,
  number: number | null,
  cameras: readonly NamedCamera[],
  withMap = true,
): JourneyView | undefined {
  const journey = useJourney(runId, number).data;
  const identity = useIdentity(runId, number).data;
  const ground = useGround(sceneId).data;
  return useMemo(() => {
    if (!journey || !identity) return undefined;
    const names = new Map(cameras.map(({ id, name }) => [id, name]));
    const cameraOf = new Map(identity.tracklets.map(({ id, camera }) => [id, names.get(camera) ?? ""]));
    const impossible = journey.legs.filter(({ problem }) => problem !== "");
    const { paths } = pathsOf([journey.columns]);
    const store = new SpanStore({ from: identity.start_s, to: identity.end_s });
    return {
      flagged: new Set(impossible.flatMap(({ left, right }) => [left, right])),
      content: (
        <>
          {withMap && ground && paths.length > 0 && (
            <div className={classes.small}>
              <SceneMap
                ground={ground}
                names={names}
                paths={paths}
                store={store}
                identity={identity.number}
                onPick={nothing}
                onlyPaths
                label={`Map of the way of identity ${identity.number}; the list below says the same in words.`}
              />
            </div>
          )}
          <LegList legs={journey.legs} cameraOf={cameraOf} />
        </>
      ),
    };
  }, [journey, identity, ground, cameras, withMap]);
}
