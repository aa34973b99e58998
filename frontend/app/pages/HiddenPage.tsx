import { useNavigate } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { HiddenList } from "@/features/review/components/HiddenList";
import { useScene } from "@/features/scenes/api/getScene";
import { atLeast } from "@/lib/roles";
import { useSceneView } from "./sceneView";
import { useReadTime } from "./useReadTime";

/** Tracklets of a scene that people took out of sight. */
export function HiddenPage() {
  const { sceneId } = useSceneView();
  const scene = useScene(sceneId);
  const readTime = useReadTime(scene.data);
  const navigate = useNavigate();
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  const run = scene.data?.current_run;
  return (
    <Page title="Hidden tracklets" of={scene.data?.name}>
      {scene.data && !run && (
        <EmptyState title="No run has finished">
          There is something to hide when a run has finished.
        </EmptyState>
      )}
      {scene.data && run && (
        <HiddenList
          sceneId={sceneId}
          runId={run.id}
          timeZone={scene.data.time_zone}
          mayShow={atLeast(scene.data.my_role, "analyst")}
          readTime={readTime}
          onWatch={(camera, time) =>
            void navigate(`/scenes/${sceneId}/cameras/${camera}?t=${time.toFixed(3)}`)
          }
        />
      )}
    </Page>
  );
}
