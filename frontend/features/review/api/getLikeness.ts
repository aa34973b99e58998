import { queryOptions } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import { pause } from "@/lib/pause";

export type Likeness = Schemas["Likeness"];

/** A tracklet and which of its pictures. */
export interface View {
  readonly tracklet: number;
  readonly rank: number;
}

/** Who hurries from pair to pair starts no work for those passed by. */
const LOOKED_AT_MS = 300;
const ASK_AGAIN_MS = 400;

/** Where two pictures look alike to the run's network: asked for until it is worked out, or cannot be. */
export function likenessQuery(run: number, left: View, right: View) {
  return queryOptions({
    queryKey: ["likeness", run, left, right],
    queryFn: async ({ signal }): Promise<Likeness> => {
      await pause(LOOKED_AT_MS, signal);
      const body = {
        left: left.tracklet,
        left_rank: left.rank,
        right: right.tracklet,
        right_rank: right.rank,
      };
      const asked = { params: { path: { run_id: run } }, body, signal };
      let found = await answered(api.POST("/api/v1/runs/{run_id}/likeness", asked));
      while (found.state === "waiting") {
        await pause(ASK_AGAIN_MS, signal);
        const params = { path: { run_id: run, likeness_id: found.id } };
        found = await answered(api.GET("/api/v1/runs/{run_id}/likeness/{likeness_id}", { params, signal }));
      }
      return sidesAs(left, found);
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** The same with the maps on the sides on which the two are here; it is kept once for both ways round. */
export function sidesAs(left: View, found: Likeness): Likeness {
  if (found.left === left.tracklet || !found.maps) return found;
  const { similarity, left: theirs, right: ours } = found.maps;
  return { ...found, left: found.right, right: found.left, maps: { similarity, left: ours, right: theirs } };
}
