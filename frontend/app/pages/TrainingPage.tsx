import { Skeleton } from "@mantine/core";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { useScene } from "@/features/scenes/api/getScene";
import { useSession } from "@/features/session/api/getSession";
import { useTrainings } from "@/features/training/api/getTrainings";
import { ModelParts } from "@/features/training/components/ModelParts";
import { NewTraining } from "@/features/training/components/NewTraining";
import { TrainingList } from "@/features/training/components/TrainingList";
import { TrainingView } from "@/features/training/components/TrainingView";
import { isKind } from "@/lib/modelKinds";
import { atLeast } from "@/lib/roles";
import classes from "./RunsPage.module.css";
import { useSceneView, wholeNumber } from "./sceneView";

/** A scene's trainings, one of them in full, and the models that came out of them. */
export function TrainingPage() {
  const { sceneId, change } = useSceneView();
  const named = wholeNumber(useParams().trainingId);
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const wantedSet = wholeNumber(search.get("set"));
  const scene = useScene(sceneId);
  const session = useSession();
  const trainings = useTrainings(sceneId);
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  if (trainings.isError && !trainings.data)
    return <ProblemState error={trainings.error} onRetry={() => void trainings.refetch()} />;
  const me = session.data?.user;
  const role = scene.data?.my_role ?? me?.role;
  const manages = atLeast(role, "manager");
  const labels = atLeast(role, "analyst");
  const shown = named ?? trainings.data?.[0]?.id ?? null;
  const trained = trainings.data?.find(({ id }) => id === shown)?.trains ?? "embedding";
  const wantedKind = search.get("models");
  const started = (id: number): void => void navigate(`/scenes/${sceneId}/training/${id}`);
  const mayStop = (by: string | null | undefined): boolean => manages || (labels && by === me?.username);

  return (
    <Page
      title="Training"
      of={scene.data?.name}
      tools={
        labels && (
          <NewTraining sceneId={sceneId} manages={manages} wantedSet={wantedSet} onStarted={started} />
        )
      }
    >
      <div className={classes.columns}>
        <aside className={classes.list}>
          <TrainingList sceneId={sceneId} trainings={trainings.data ?? []} selected={shown} />
        </aside>
        <div className={classes.details}>
          {shown === null && !trainings.data && <Skeleton height={320} />}
          {shown === null && trainings.data && (
            <EmptyState title="No trainings yet">
              A training makes the network that describes vehicles, or the one that finds them, know this
              scene's cameras better, from what people have confirmed.{" "}
              {labels ? "Start one above." : "An analyst can start one."}
            </EmptyState>
          )}
          {shown !== null && (
            <TrainingView key={shown} sceneId={sceneId} trainingId={shown} mayStop={mayStop} />
          )}
          <ModelParts
            sceneId={sceneId}
            kind={isKind(wantedKind) ? wantedKind : trained}
            onKind={(kind) => change({ models: kind })}
            labels={labels}
            manages={manages}
          />
        </div>
      </div>
    </Page>
  );
}
