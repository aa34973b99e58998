import { useParams, useSearchParams } from "react-router";

interface OpenScene {
  /** null outside of a scene. */
  readonly sceneId: string | null;
  /** What a scene's pages share: the run, where it is not the one that the scene shows. */
  readonly shared: string;
}

/** The scene whose pages the bar offers: the one in the address, or the one whose jobs are listed. */
export function useOpenScene(): OpenScene {
  const params = useParams();
  const [search] = useSearchParams();
  const run = params.sceneId === undefined ? null : search.get("run");
  return {
    sceneId: params.sceneId ?? search.get("scene"),
    shared: run === null ? "" : `?run=${encodeURIComponent(run)}`,
  };
}
