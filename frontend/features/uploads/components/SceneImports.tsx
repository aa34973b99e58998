import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Bar } from "@/components/Bar";
import { ProblemState } from "@/components/ProblemState";
import table from "@/components/table.module.css";
import { sentenceOf } from "@/lib/api/problem";
import { dateAndTime } from "@/lib/format";
import { type SceneImport, type Stated, useSceneImportChanges, useSceneImports } from "../api/sceneImports";
import { SceneReport } from "./SceneReport";
import classes from "./uploads.module.css";

const STATES: Record<SceneImport["state"], string> = {
  working: "◐ under way",
  checked: "○ checked, not imported",
  imported: "● imported",
  undone: "○ taken back",
  refused: "▲ refused",
};

/** Zips of whole scenes that came in: what each holds, and the buttons that import it or take that back. */
export function SceneImports({ sceneId, arrived }: { sceneId: number; arrived: number }) {
  const imports = useSceneImports(sceneId);
  const queries = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a zip that was taken in is being checked from now on
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["scene-imports", sceneId] });
  }, [arrived, queries, sceneId]);
  const rows = imports.data?.pages.flatMap(({ results }) => results) ?? [];
  const imported = rows.filter(({ state }) => state === "imported").length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an import makes cameras and videos
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["cameras", sceneId] });
  }, [imported, queries, sceneId]);
  if (imports.isError && !imports.data)
    return <ProblemState error={imports.error} onRetry={() => void imports.refetch()} />;
  if (rows.length === 0) return null;
  return (
    <section className={table.frame} aria-label="Scene folders">
      <h2 className={classes.heading}>Scene folders</h2>
      {rows.map((each) => (
        <One key={each.id} sceneId={sceneId} each={each} />
      ))}
      {imports.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          loading={imports.isFetchingNextPage}
          onClick={() => void imports.fetchNextPage()}
        >
          Older ones
        </Button>
      )}
    </section>
  );
}

function One({ sceneId, each }: { sceneId: number; each: SceneImport }) {
  const { apply, undo, remove } = useSceneImportChanges(sceneId);
  const { id, state, report, problem } = each;
  const failure = apply.error ?? undo.error ?? remove.error;
  const start = (stated: Stated): void => apply.mutate({ id, stated });
  return (
    <article className={classes.folder} data-import={state}>
      <header className={classes.line}>
        <strong>{each.file_name}</strong>
        <span>{STATES[state]}</span>
        <span className={table.quiet}>
          {dateAndTime(each.created_at)}
          {each.created_by && `, ${each.created_by}`}
        </span>
        <span className={classes.right}>
          {state === "imported" && (
            <Button
              size="compact-xs"
              variant="default"
              loading={undo.isPending}
              onClick={() => undo.mutate(id)}
            >
              Take the import back
            </Button>
          )}
          {!["working", "imported"].includes(state) && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => remove.mutate(id)}
              aria-label={`Remove ${each.file_name}`}
            >
              Remove
            </Button>
          )}
        </span>
      </header>
      {state === "working" && each.total !== null && (
        <Bar
          fraction={(each.done ?? 0) / Math.max(1, each.total ?? 1)}
          label={`Progress of ${each.file_name}`}
          tone="busy"
        />
      )}
      {(failure || (problem && state !== "imported")) && (
        <p className={classes.problem} role="alert">
          {failure ? sentenceOf(failure) : problem}
        </p>
      )}
      {report && (
        <SceneReport
          report={report}
          onImport={state === "checked" ? start : null}
          isStarting={apply.isPending}
          isDone={state === "imported"}
        />
      )}
    </article>
  );
}
