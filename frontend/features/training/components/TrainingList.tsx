import { NavLink } from "@mantine/core";
import { Link } from "react-router";
import { StateBadge } from "@/components/StateBadge";
import { versionWords } from "@/lib/modelKinds";
import type { Training } from "../api/getTrainings";

interface Props {
  sceneId: number;
  trainings: readonly Training[];
  selected: number | null;
}

/** The scene's trainings, newest first. */
export function TrainingList({ sceneId, trainings, selected }: Props) {
  return (
    <nav aria-label="Trainings">
      {trainings.map(({ id, number, trains, state, label_set_number: set, version }) => (
        <NavLink
          key={id}
          component={Link}
          to={`/scenes/${sceneId}/training/${id}`}
          active={id === selected}
          aria-current={id === selected ? "page" : undefined}
          label={`Training ${number}`}
          description={`label set ${set}, ${version == null ? trains : versionWords(trains, version)}`}
          rightSection={<StateBadge state={state} />}
        />
      ))}
    </nav>
  );
}
