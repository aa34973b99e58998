import { Alert, Button, Skeleton } from "@mantine/core";
import { Link } from "react-router";
import { ProblemState } from "@/components/ProblemState";
import { StateBadge } from "@/components/StateBadge";
import { sentenceOf } from "@/lib/api/problem";
import { counted } from "@/lib/format";
import { versionName, versionPlace, versionWords } from "@/lib/modelKinds";
import { useStopTraining } from "../api/changeTrainings";
import { isUnderWay, usePoints, useTraining } from "../api/getTraining";
import { FoundPictures } from "./FoundPictures";
import { SampleRankings } from "./SampleRankings";
import { TrainingCurves } from "./TrainingCurves";
import classes from "./training.module.css";

interface Props {
  sceneId: number;
  trainingId: number;
  mayStop: (createdBy: string | null | undefined) => boolean;
}

/** A training as it goes on, and what came out of it. */
export function TrainingView({ sceneId, trainingId, mayStop }: Props) {
  const { data: training, ...asked } = useTraining(trainingId);
  const points = usePoints(trainingId, training?.state);
  const stop = useStopTraining();
  if (asked.isPending) return <Skeleton height={320} />;
  if (!training) return <ProblemState error={asked.error} onRetry={() => void asked.refetch()} />;
  const underWay = isUnderWay(training.state);
  return (
    <article className={classes.view}>
      <header className={classes.line}>
        <h2 className={classes.title}>Training {training.number}</h2>
        <StateBadge state={training.state} />
        {training.version != null && (
          <span>
            <Link to={versionPlace(training.trains, training.version)}>
              {versionName(training.trains, training.version)}
            </Link>{" "}
            came out; compare it below with the active one
          </span>
        )}
        <span className={classes.buttons}>
          {training.job !== null && <Link to={`/jobs?scene=${sceneId}&job=${training.job}`}>Log</Link>}
          {underWay && mayStop(training.created_by) && (
            <Button
              size="compact-sm"
              variant="default"
              loading={stop.isPending}
              disabled={training.stopping}
              onClick={() => stop.mutate(trainingId)}
            >
              {training.stopping ? "Stopping" : "Stop and keep the best"}
            </Button>
          )}
        </span>
      </header>
      <p className={classes.quiet}>
        Label set {training.label_set_number}, recipe {training.recipe}, from{" "}
        {versionWords(training.trains, training.start)}, at most{" "}
        {training.epochs > 0 && `${counted(training.epochs, "epoch")} and `}
        {counted(training.minutes, "minute")}
        {training.created_by && `, by ${training.created_by}`}.
      </p>
      {(training.problem || stop.error) && (
        <Alert color="red" variant="light" role="alert">
          {training.problem || sentenceOf(stop.error)}
        </Alert>
      )}
      <TrainingCurves trains={training.trains} points={points.data ?? []} />
      <SampleRankings samples={training.samples} />
      <FoundPictures pictures={training.found_pictures} />
    </article>
  );
}
