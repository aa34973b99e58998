import { useMemo } from "react";
import { useParams, useSearchParams } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { useRuns } from "@/features/runs/api/getRuns";
import { NewRun } from "@/features/runs/components/NewRun";
import { RunDetails } from "@/features/runs/components/RunDetails";
import { RunList } from "@/features/runs/components/RunList";
import { useCameras } from "@/features/scenes/api/getCameras";
import { useScene } from "@/features/scenes/api/getScene";
import { useSession } from "@/features/session/api/getSession";
import { atLeast } from "@/lib/roles";
import classes from "./RunsPage.module.css";
import { useSceneView, wholeNumber } from "./sceneView";

/** A scene's runs, and one of them in full: the newest unless the address names another. */
export function RunsPage() {
  const { sceneId, change } = useSceneView();
  const [search] = useSearchParams();
  const named = wholeNumber(useParams().runId);
  const scene = useScene(sceneId);
  const session = useSession();
  const runs = useRuns(sceneId);
  const cameras = useCameras(sceneId).data;
  const names = useMemo(() => new Map(cameras?.map(({ id, name }) => [id, name])), [cameras]);
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  const manages = atLeast(scene.data?.my_role ?? session.data?.user?.role, "manager");
  const all = runs.data?.pages.flatMap((page) => page.results);
  const shown = named ?? all?.[0]?.id ?? null;
  const beside = {
    runs: all ?? [],
    chosen: wholeNumber(search.get("with")),
    onChoose: (run: number | null) => change({ with: run }),
    cameras: names,
  };

  return (
    <Page
      title="Runs"
      of={scene.data?.name}
      tools={manages && <NewRun sceneId={sceneId} lastPreset={all?.[0]?.preset ?? null} />}
    >
      {all?.length === 0 && named === null ? (
        <EmptyState title="No runs yet">
          A run finds and follows the vehicles of all cameras.{" "}
          {manages ? "Start one above." : "A manager can start one."}
        </EmptyState>
      ) : (
        <div className={classes.columns}>
          <aside className={classes.list}>
            <RunList sceneId={sceneId} selected={shown} />
          </aside>
          <div className={classes.details}>
            {shown !== null && <RunDetails runId={shown} mayCancel={manages} beside={beside} />}
          </div>
        </div>
      )}
    </Page>
  );
}
