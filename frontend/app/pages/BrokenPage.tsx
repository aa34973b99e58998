import { Button } from "@mantine/core";
import { useRouteError } from "react-router";
import { ProblemState } from "@/components/ProblemState";

/** In place of a page that failed while it was drawn. */
export function BrokenPage() {
  const error = useRouteError();
  return (
    <main>
      <h1 hidden>Crosstrack</h1>
      <ProblemState error={error} onRetry={() => window.location.reload()} />
      <Button component="a" href="/scenes" variant="subtle" fullWidth>
        Go to the scenes
      </Button>
    </main>
  );
}
