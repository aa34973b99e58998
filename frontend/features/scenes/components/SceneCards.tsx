import { Button, Skeleton } from "@mantine/core";
import { ProblemState } from "@/components/ProblemState";
import { useScenes } from "../api/getScenes";
import { NoScenes } from "./NoScenes";
import { SceneCard } from "./SceneCard";
import classes from "./SceneCards.module.css";

const PLACEHOLDERS = ["a", "b", "c", "d"];

/** All scenes as cards. */
export function SceneCards({ mayCreate }: { mayCreate: boolean }) {
  const scenes = useScenes();
  if (scenes.isPending) {
    return (
      <div className={classes.cards}>
        {PLACEHOLDERS.map((key) => (
          <Skeleton key={key} height={260} radius="md" />
        ))}
      </div>
    );
  }
  if (scenes.isError && !scenes.data)
    return <ProblemState error={scenes.error} onRetry={() => void scenes.refetch()} />;
  const all = scenes.data.pages.flatMap((page) => page.results);
  if (all.length === 0) return <NoScenes mayCreate={mayCreate} />;
  return (
    <>
      <div className={classes.cards}>
        {all.map((scene) => (
          <SceneCard key={scene.id} scene={scene} />
        ))}
      </div>
      {scenes.hasNextPage && (
        <Button
          variant="default"
          onClick={() => void scenes.fetchNextPage()}
          loading={scenes.isFetchingNextPage}
        >
          More scenes
        </Button>
      )}
    </>
  );
}
