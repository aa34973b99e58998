import { Button } from "@mantine/core";
import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { counted } from "@/lib/format";
import { useEntries } from "../hooks/useDecisions";
import type { ReviewState } from "../types";

interface Props {
  state: ReviewState;
  isFiltered: boolean;
  onClearFilter: () => void;
  sceneId: number;
}

/** In place of a pair when there is none to decide: why, and what to do next. */
export function QueueEnd({ state, isFiltered, onClearFilter, sceneId }: Props) {
  const isSending = useEntries().some(({ state: sending }) => sending !== "refused");
  const { run, work_left, decided, people_per_pair } = state;
  if (run === null)
    return (
      <EmptyState title="No run has finished">
        Pairs to decide appear when a run of this scene has finished.{" "}
        <Link to={`/scenes/${sceneId}/runs`}>Look at the runs</Link>
      </EmptyState>
    );
  if (isSending)
    return (
      <EmptyState title="Saving your last decisions">
        The queue is asked again when they are stored.
      </EmptyState>
    );
  if (isFiltered)
    return (
      <EmptyState title="No such pair is left">
        <p>Nothing that this filter lets through needs an answer.</p>
        <Button variant="default" onClick={onClearFilter}>
          Show all pairs
        </Button>
      </EmptyState>
    );
  if (work_left > 0 && people_per_pair > 1)
    return (
      <EmptyState title="The rest is for others">
        {people_per_pair} people judge each pair here. What is left has your answer already, or somebody else
        holds it; a pair comes free when its person decides it, or five minutes after they leave.
      </EmptyState>
    );
  if (work_left > 0)
    return (
      <EmptyState title="Others hold the pairs that are left">
        About {counted(work_left, "decision")} are left. A pair comes free when its person decides it, or five
        minutes after they leave.
      </EmptyState>
    );
  return (
    <EmptyState title="Everything is decided">
      No answer could change an identity any more; {counted(decided, "decision")} made.{" "}
      <Link to={`/scenes/${sceneId}/labels`}>Keep them as a label set</Link>, look at the{" "}
      <Link to={`/scenes/${sceneId}/identities`}>identities</Link> or at the{" "}
      <Link to={`/scenes/${sceneId}/history`}>history</Link>.
    </EmptyState>
  );
}
