import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { useLabelExports } from "@/features/labels/api/getLabelExports";
import { useLabelImports } from "@/features/labels/api/getLabelImports";
import { useLabelSets } from "@/features/labels/api/getLabelSets";
import { ExportMenu } from "@/features/labels/components/ExportMenu";
import { ExportTable } from "@/features/labels/components/ExportTable";
import { ImportForm } from "@/features/labels/components/ImportForm";
import { ImportTable } from "@/features/labels/components/ImportTable";
import { LabelSetTable } from "@/features/labels/components/LabelSetTable";
import classes from "@/features/labels/components/labels.module.css";
import { NewLabelSet } from "@/features/labels/components/NewLabelSet";
import { type Scene, useScene } from "@/features/scenes/api/getScene";
import { atLeast } from "@/lib/roles";
import { useSceneView } from "./sceneView";

/** A scene's labels: snapshots of what people confirmed, on their way out and in. */
export function LabelsPage() {
  const { sceneId } = useSceneView();
  const scene = useScene(sceneId);
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  const labels = atLeast(scene.data?.my_role, "analyst");
  return (
    <Page title="Labels" of={scene.data?.name} tools={labels && <NewLabelSet sceneId={sceneId} />}>
      {!scene.data && <Skeleton height={240} />}
      {scene.data && (
        <>
          <Sets scene={scene.data} labels={labels} />
          <Exports scene={scene.data} labels={labels} />
          <Imports scene={scene.data} labels={labels} />
        </>
      )}
    </Page>
  );
}

function Sets({ scene, labels }: { scene: Scene; labels: boolean }) {
  const sets = useLabelSets(scene.id);
  if (sets.isError && !sets.data)
    return <ProblemState error={sets.error} onRetry={() => void sets.refetch()} />;
  if (!sets.data) return <Skeleton height={160} />;
  const all = sets.data.pages.flatMap((page) => page.results);
  if (all.length === 0) {
    return (
      <EmptyState title="No label set yet">
        A label set keeps what people have confirmed, as it is now: to train on, to compare models with, to
        hand on. {labels ? "Answer some pairs in Review, then make one above." : "An analyst can make one."}
      </EmptyState>
    );
  }
  return (
    <LabelSetTable
      sceneId={scene.id}
      sets={all}
      timeZone={scene.time_zone}
      mayExport={labels}
      onMore={sets.hasNextPage ? () => void sets.fetchNextPage() : null}
    />
  );
}

function Exports({ scene, labels }: { scene: Scene; labels: boolean }) {
  const exports = useLabelExports(scene.id);
  const all = exports.data?.results ?? [];
  const run = scene.current_run;
  return (
    <section className={classes.section} aria-label="Exports">
      <div className={classes.head}>
        <h2 className={classes.heading}>Exports</h2>
        {labels && run && (
          <ExportMenu sceneId={scene.id} what={{ run: run.id }} label={`Export run ${run.number} as shown`} />
        )}
      </div>
      <Unread list={exports} />
      {all.length > 0 && <ExportTable exports={all} timeZone={scene.time_zone} />}
      {exports.data && all.length === 0 && (
        <p className={classes.none}>Nothing exported yet. Each export is a zip with a list of checksums.</p>
      )}
    </section>
  );
}

function Imports({ scene, labels }: { scene: Scene; labels: boolean }) {
  const imports = useLabelImports(scene.id);
  const all = imports.data?.results ?? [];
  if (!labels && imports.data?.results.length === 0) return null;
  return (
    <section className={classes.section} aria-label="Imports">
      {labels && <ImportForm sceneId={scene.id} />}
      <Unread list={imports} />
      {all.length > 0 && (
        <ImportTable sceneId={scene.id} imports={all} timeZone={scene.time_zone} mayImport={labels} />
      )}
      {imports.data && all.length === 0 && (
        <p className={classes.none}>
          A file is checked first: what it would make, what is left out. Nothing changes before you say so,
          and one undo takes all of it back.
        </p>
      )}
    </section>
  );
}

/** In place of a list that is not there yet, or could not be loaded. */
function Unread({ list }: { list: Pick<UseQueryResult, "data" | "error" | "refetch"> }) {
  if (list.data) return null;
  if (list.error) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  return <Skeleton height={80} />;
}
