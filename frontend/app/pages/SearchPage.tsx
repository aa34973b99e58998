import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { useIdentity } from "@/features/identities/api/getIdentity";
import { secondsOf } from "@/features/review/seconds";
import { noteOthers, noteStored } from "@/features/review/storedDecision";
import { useCameras } from "@/features/scenes/api/getCameras";
import { type Scene, useScene } from "@/features/scenes/api/getScene";
import type { Joined } from "@/features/search/api/joinIdentities";
import { type Found, useSearch } from "@/features/search/api/searchTracklets";
import { SearchDesk } from "@/features/search/components/SearchDesk";
import {
  addressOf,
  filterOf,
  type Question,
  questionOf,
  type SearchFilter,
} from "@/features/search/question";
import { atLeast } from "@/lib/roles";
import { useSceneView } from "./sceneView";
import { useReadTime } from "./useReadTime";

/** One picture of each camera's passage shows how an identity looks from all sides. */
const MOST_PICTURES = 4;

function firstPicture({ crop_urls }: { crop_urls: readonly string[] }): string[] {
  return crop_urls.slice(0, 1);
}

/** Why this person cannot join what a search finds in this run; null where they can. */
function whyNotJoin(scene: Scene, runId: number): string | null {
  if (!atLeast(scene.my_role, "analyst")) return "it takes the role analyst";
  return scene.current_run?.id === runId ? null : "only in the run that the scene shows";
}

/** Tracklets of a run that look like a tracklet, an identity or a picture. */
export function SearchPage() {
  const view = useSceneView();
  const scene = useScene(view.sceneId);
  const cameras = useCameras(view.sceneId).data ?? [];
  const readTime = useReadTime(scene.data);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const question = useMemo(() => questionOf(search), [search]);
  const filter = useMemo(() => filterOf(search), [search]);
  const { sceneId, run, change } = view;
  const runId = run ?? scene.data?.current_run?.id ?? null;
  // Which identity a tracklet is of comes with the answer.
  const isOfTracklet = question?.kind === "tracklet";
  const answer = useSearch(runId, isOfTracklet ? question : null, filter).data;
  const numberOfTracklet = isOfTracklet ? (answer?.identity ?? null) : null;
  const identity = useIdentity(runId, question?.kind === "identity" ? question.about : numberOfTracklet);
  const asked = identity.data;
  // Until it is read again after a join made here, what is shown of it is known to be old.
  const [changedAt, setChangedAt] = useState(0);
  const isOld = identity.dataUpdatedAt < changedAt;
  const seen = useMemo(
    () => (asked && !isOld ? { number: asked.number, tracklets: asked.tracklets.map(({ id }) => id) } : null),
    [asked, isOld],
  );
  const pictures = useMemo(
    () => asked?.tracklets.flatMap(firstPicture).slice(0, MOST_PICTURES) ?? [],
    [asked],
  );

  const ask = ({ kind, about }: Question): void =>
    change({ tracklet: null, identity: null, picture: null, [kind]: about });
  const narrow = (changes: Partial<SearchFilter>): void => change(addressOf({ ...filter, ...changes }));
  const watch = ({ tracklet, identity }: Found): void => {
    const place = new URLSearchParams({ t: tracklet.start_s.toFixed(3) });
    if (identity !== null) place.set("identity", String(identity));
    if (run !== null) place.set("run", String(run));
    void navigate(`/scenes/${sceneId}?${place}`);
  };
  /** An identity that another one took in is asked about under that one's number from then on. */
  const stored = (given: Joined): void => {
    noteStored(queries, sceneId, given);
    if (given.effect.changed) setChangedAt(Date.now());
    const { joined } = given.effect;
    const [first] = joined;
    if (question?.kind === "identity" && first !== undefined && !joined.includes(question.about)) {
      change({ identity: first });
    }
  };

  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  return (
    <Page title="Search" of={scene.data?.name}>
      {scene.data && runId === null && (
        <EmptyState title="No run has finished">
          There is something to search when a run of this scene has finished.
        </EmptyState>
      )}
      {scene.data && runId !== null && (
        <SearchDesk
          sceneId={sceneId}
          runId={runId}
          question={question}
          filter={filter}
          cameras={cameras}
          pictures={pictures}
          seen={seen}
          mayNotJoin={
            whyNotJoin(scene.data, runId) ?? (identity.isLoading ? "its identity is being read" : null)
          }
          readTime={readTime}
          secondsOf={secondsOf}
          onQuestion={ask}
          onFilter={narrow}
          onWatch={watch}
          onStored={stored}
          onRefused={() => noteOthers(queries, sceneId)}
        />
      )}
    </Page>
  );
}
