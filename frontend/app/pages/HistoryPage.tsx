import { Button, Select } from "@mantine/core";
import { Link, useSearchParams } from "react-router";
import { ActionButton } from "@/components/ActionButton";
import { Page } from "@/components/Page";
import { ProblemState } from "@/components/ProblemState";
import { useStatistics } from "@/features/review/api/getStatistics";
import { DanglingNotice } from "@/features/review/components/DanglingNotice";
import { HistoryList } from "@/features/review/components/HistoryList";
import { PeopleTable } from "@/features/review/components/PeopleTable";
import { useDecisions } from "@/features/review/hooks/useDecisions";
import { useHistoryActions } from "@/features/review/hooks/useHistoryActions";
import { useScene } from "@/features/scenes/api/getScene";
import { sentenceOf } from "@/lib/api/problem";
import { atLeast } from "@/lib/roles";
import { useSceneView, wholeNumber } from "./sceneView";

/** Who decided what in a scene, when, and the way back. */
export function HistoryPage() {
  const { sceneId, change } = useSceneView();
  const person = wholeNumber(useSearchParams()[0].get("person"));
  const scene = useScene(sceneId);
  const persons = useStatistics(sceneId).data ?? [];
  if (scene.isError && !scene.data)
    return <ProblemState error={scene.error} onRetry={() => void scene.refetch()} />;
  const people = persons.map((one) => ({ value: String(one.person.id), label: one.person.username }));
  const mayUndo = atLeast(scene.data?.my_role, "analyst");
  const tools = (
    <>
      <UndoKeys sceneId={sceneId} mayUndo={mayUndo} />
      <Button size="compact-xs" variant="default" component={Link} to={`/scenes/${sceneId}/hidden`}>
        Hidden tracklets
      </Button>
      <Select
        size="xs"
        w={170}
        aria-label="Person"
        data={[{ value: "", label: "of everybody" }, ...people]}
        value={person === null ? "" : String(person)}
        onChange={(value) => change({ person: value || null })}
        allowDeselect={false}
      />
    </>
  );
  return (
    <Page title="History" of={scene.data?.name} tools={tools}>
      <DanglingNotice sceneId={sceneId} />
      <PeopleTable sceneId={sceneId} />
      <HistoryList
        sceneId={sceneId}
        person={person}
        timeZone={scene.data?.time_zone ?? "UTC"}
        mayUndo={mayUndo}
      />
    </Page>
  );
}

/** Step by step back through one's own edits, and forth again. */
function UndoKeys({ sceneId, mayUndo }: { sceneId: number; mayUndo: boolean }) {
  const { person } = useDecisions();
  const problem = useHistoryActions(sceneId, person, mayUndo);
  return (
    <>
      {problem && <span role="alert">{sentenceOf(problem)}</span>}
      <ActionButton action="history-back" withKey>
        Undo
      </ActionButton>
      <ActionButton action="history-again" withKey>
        Redo
      </ActionButton>
    </>
  );
}
