import { Button, MultiSelect, Popover, RangeSlider, Select, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { clockTime, percent } from "@/lib/format";
import { CATEGORIES, COLOURS, typeWord, VEHICLE_TYPES, vehicleWord } from "@/lib/vehicle";
import type { QueueFilter } from "../filter";
import { secondsOf } from "../seconds";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface Props {
  filter: QueueFilter;
  onFilter: (changes: Partial<QueueFilter>) => void;
  onClear: () => void;
  cameras: readonly Choice[];
  /** Ways between two cameras, by the link's id. */
  ways: readonly Choice[];
  /** What else may be set here. */
  extra: ReactNode;
}

/** What narrows the queue: the way between cameras at hand, the rest one press away. */
export function QueueFilters({ filter, onFilter, onClear, cameras, ways, extra }: Props) {
  const narrowed = [
    filter.cameras,
    filter.category,
    filter.type,
    filter.colour,
    filter.from ?? filter.to,
    filter.atLeast ?? filter.atMost,
  ];
  const count = narrowed.filter((value) => value !== null).length;
  return (
    <Stack gap={6}>
      <Select
        size="xs"
        aria-label="Way between cameras"
        data={[{ value: "", label: "between all cameras" }, ...ways]}
        value={filter.link === null ? "" : String(filter.link)}
        onChange={(value) => onFilter({ link: value ? Number(value) : null })}
        allowDeselect={false}
      />
      <Popover position="right-start" width={280} withArrow trapFocus returnFocus>
        <Popover.Target>
          <Button size="compact-xs" variant={count > 0 ? "light" : "default"}>
            {count > 0 ? `Filters: ${count} on` : "More filters"}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap={10}>
            <MultiSelect
              size="xs"
              label="Both seen by"
              placeholder={filter.cameras ? "" : "any camera"}
              data={[...cameras]}
              value={(filter.cameras ?? []).map(String)}
              onChange={(chosen) => onFilter({ cameras: chosen.length > 0 ? chosen.map(Number) : null })}
              comboboxProps={{ withinPortal: false }}
            />
            <Select
              size="xs"
              label="Type of one of them"
              data={[
                { value: "", label: "any type" },
                ...CATEGORIES.map((id) => ({ value: String(id), label: vehicleWord(id) })),
              ]}
              value={filter.category === null ? "" : String(filter.category)}
              onChange={(value) => onFilter({ category: value ? Number(value) : null })}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
            />
            <Select
              size="xs"
              label="The same, as the network reads it"
              placeholder="any type"
              data={VEHICLE_TYPES.map((type) => ({ value: type, label: typeWord(type) }))}
              value={filter.type}
              onChange={(type) => onFilter({ type })}
              clearable
              comboboxProps={{ withinPortal: false }}
            />
            <Select
              size="xs"
              label="Colour of one of them"
              placeholder="any colour"
              data={[...COLOURS]}
              value={filter.colour}
              onChange={(colour) => onFilter({ colour })}
              clearable
              comboboxProps={{ withinPortal: false }}
            />
            <TimeField label="Seen after" seconds={filter.from} onSeconds={(from) => onFilter({ from })} />
            <TimeField label="Seen before" seconds={filter.to} onSeconds={(to) => onFilter({ to })} />
            <Belief filter={filter} onFilter={onFilter} />
            <Button size="compact-xs" variant="default" onClick={onClear}>
              Show all pairs
            </Button>
            {extra}
          </Stack>
        </Popover.Dropdown>
      </Popover>
    </Stack>
  );
}

interface TimeFieldProps {
  label: string;
  seconds: number | null;
  onSeconds: (seconds: number | null) => void;
}

/** A moment of scene time, asked for when the caret leaves the field. */
function TimeField({ label, seconds, onSeconds }: TimeFieldProps) {
  const [text, setText] = useState(seconds === null ? "" : clockTime(seconds));
  const isWrong = text.trim() !== "" && secondsOf(text) === null;
  const done = (): void => {
    if (!isWrong) onSeconds(secondsOf(text));
  };
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder="m:ss after the start"
      value={text}
      error={isWrong ? "Write minutes:seconds, such as 1:30." : undefined}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
      }}
    />
  );
}

/** The part of the machine's belief that is asked about. */
function Belief({ filter, onFilter }: Pick<Props, "filter" | "onFilter">) {
  const { atLeast, atMost } = filter;
  return (
    <div>
      <Text size="xs" fw={500}>
        Chance to be the same: {percent(atLeast ?? 0, 0)} to {percent(atMost ?? 1, 0)}
      </Text>
      <RangeSlider
        size="sm"
        min={0}
        max={1}
        step={0.05}
        minRange={0.05}
        label={null}
        thumbFromLabel="At least"
        thumbToLabel="At most"
        defaultValue={[atLeast ?? 0, atMost ?? 1]}
        onChangeEnd={([least, most]) =>
          onFilter({ atLeast: least > 0 ? least : null, atMost: most < 1 ? most : null })
        }
      />
    </div>
  );
}
