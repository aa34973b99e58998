import { Checkbox, MultiSelect, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { clockTime } from "@/lib/format";
import { CATEGORIES, COLOURS, typeWord, VEHICLE_TYPES, vehicleWord } from "@/lib/vehicle";
import { kindOf, type SearchFilter } from "../question";
import classes from "./Search.module.css";

interface Props {
  filter: SearchFilter;
  onFilter: (changes: Partial<SearchFilter>) => void;
  cameras: readonly { readonly id: number; readonly name: string }[];
  /** Whether what is asked about has an identity, whose others can be asked for. */
  hasIdentity: boolean;
  secondsOf: (text: string) => number | null;
}

/** What narrows a search: cameras, time, type, colour, and what is joined already. */
export function SearchFilters({ filter, onFilter, cameras, hasIdentity, secondsOf }: Props) {
  return (
    <div className={classes.filters}>
      <MultiSelect
        size="xs"
        miw={150}
        maw={360}
        aria-label="Cameras"
        placeholder={filter.cameras.length > 0 ? "" : "any camera"}
        data={cameras.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={filter.cameras.map(String)}
        onChange={(chosen) => onFilter({ cameras: chosen.map(Number) })}
      />
      <TimeField
        label="Seen after"
        seconds={filter.from}
        onSeconds={(from) => onFilter({ from })}
        read={secondsOf}
      />
      <TimeField
        label="Seen before"
        seconds={filter.to}
        onSeconds={(to) => onFilter({ to })}
        read={secondsOf}
      />
      <Select
        size="xs"
        w={130}
        aria-label="Type"
        data={[
          { value: "", label: "any type" },
          {
            group: "as detected",
            items: CATEGORIES.map((id) => ({ value: String(id), label: vehicleWord(id) })),
          },
          {
            group: "as the network reads it",
            items: VEHICLE_TYPES.map((type) => ({ value: type, label: typeWord(type) })),
          },
        ]}
        value={filter.type ?? (filter.category === null ? "" : String(filter.category))}
        onChange={(value) => onFilter(kindOf(value))}
        allowDeselect={false}
      />
      <Select
        size="xs"
        w={120}
        aria-label="Colour, as people named it or else as the network reads it"
        data={[{ value: "", label: "any colour" }, ...COLOURS]}
        value={filter.colour ?? ""}
        onChange={(value) => onFilter({ colour: value || null })}
        allowDeselect={false}
      />
      {hasIdentity && (
        <Checkbox
          size="xs"
          label="not its own identity"
          checked={filter.othersOnly}
          onChange={(event) => onFilter({ othersOnly: event.currentTarget.checked })}
        />
      )}
    </div>
  );
}

interface TimeFieldProps {
  label: string;
  seconds: number | null;
  onSeconds: (seconds: number | null) => void;
  read: (text: string) => number | null;
}

/** A moment after the scene's start, asked for when the caret leaves the field. */
function TimeField({ label, seconds, onSeconds, read }: TimeFieldProps) {
  const [text, setText] = useState(seconds === null ? "" : clockTime(seconds));
  const isWrong = text.trim() !== "" && read(text) === null;
  const done = (): void => {
    if (!isWrong && read(text) !== seconds) onSeconds(read(text));
  };
  return (
    <TextInput
      size="xs"
      w={124}
      aria-label={`${label}, minutes:seconds after the start`}
      placeholder={`${label.toLowerCase()} m:ss`}
      value={text}
      error={isWrong}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
      }}
    />
  );
}
