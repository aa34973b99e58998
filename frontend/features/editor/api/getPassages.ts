import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import type { Span, Track } from "../types";

type Passage = Schemas["Passage"];

export function passagesKey(run: number | null, video: number): readonly unknown[] {
  return ["passages", run, video];
}

export function trackOf(passage: Passage): Track {
  const { id, number, category, colour, machine, note, picture } = passage;
  const spans = passage.spans.map(([first = 0, last = 0]): Span => [first, last]);
  return {
    ...{ id, number, category, colour, machine, note, picture, spans },
    identity: passage.identity_number,
    cameras: passage.identity_cameras,
    human: passage.layer === "human",
  };
}

/** How often others' edits are looked for; an unchanged list costs the server a few bytes. */
const LOOK_AGAIN_MS = 5000;

/** The tracklets of a video as people have them in a run. */
export function usePassages(run: number | null, video: number) {
  return useQuery({
    queryKey: passagesKey(run, video),
    enabled: run !== null,
    queryFn: async ({ signal }): Promise<readonly Track[]> => {
      const path = { run_id: run ?? 0, video_id: video };
      const params = { path };
      const list = await answered(
        api.GET("/api/v1/runs/{run_id}/videos/{video_id}/tracklets", { params, signal }),
      );
      return list.tracklets.map(trackOf);
    },
    refetchInterval: LOOK_AGAIN_MS,
    placeholderData: keepPreviousData,
  });
}
