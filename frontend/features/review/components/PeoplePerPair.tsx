import { Select } from "@mantine/core";
import { sentenceOf } from "@/lib/api/problem";
import { useReviewState } from "../api/getReviewState";
import { useSetPeoplePerPair } from "../api/setPeoplePerPair";

const CHOICES = [
  { value: "1", label: "One person judges each pair" },
  { value: "2", label: "Two people, a third if they disagree" },
  { value: "3", label: "Three people judge each pair" },
];

/** For managers: how many people judge each pair of the scene. */
export function PeoplePerPair({ sceneId }: { sceneId: number }) {
  const people = useReviewState(sceneId).data?.people_per_pair;
  const set = useSetPeoplePerPair(sceneId);
  if (people === undefined) return null;
  return (
    <Select
      size="xs"
      label="How many people judge each pair"
      comboboxProps={{ withinPortal: false }}
      data={CHOICES}
      value={String(set.isPending ? set.variables : people)}
      onChange={(value) => set.mutate(Number(value))}
      allowDeselect={false}
      error={set.isError ? sentenceOf(set.error) : undefined}
    />
  );
}
