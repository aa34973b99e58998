import { Select, TextInput } from "@mantine/core";
import { type ReactNode, type RefObject, useState } from "react";
import { ActionButton } from "@/components/ActionButton";
import { VehicleLook } from "@/components/VehicleLook";
import { counted } from "@/lib/format";
import { CATEGORIES, COLOURS, vehicleWord, vehicleWords } from "@/lib/vehicle";
import type { Description } from "../hooks/useCommands";
import { type Edits, useEdits } from "../hooks/useEdits";
import { frameCount } from "../spans";
import { firstFrame, lastFrame, type Track, trackName } from "../types";
import classes from "./Inspector.module.css";

export type FieldName = "category" | "colour" | "note";
export type Fields = Record<FieldName, RefObject<HTMLInputElement | null>>;

interface Props {
  track: Track;
  mayEdit: boolean;
  fields: Fields;
  onDescribe: (said: Description) => void;
  /** The identity that it belongs to, as a link. */
  identity: ReactNode;
  readFrame: (frame: number) => string;
}

/** The selected tracklet: its picture, what is known of it, what can be said of it, and all that can be done. */
export function Inspector({ track, mayEdit, fields, onDescribe, identity, readFrame }: Props) {
  const [first, last] = [firstFrame(track), lastFrame(track)];
  const gaps = track.spans.length - 1;
  return (
    <section className={classes.inspector} aria-label={`Tracklet ${trackName(track)}`}>
      <header className={classes.head}>
        <h2 className={classes.title}>{trackName(track)}</h2>
        {identity}
      </header>
      {track.picture && (
        <img
          className={classes.picture}
          src={track.picture}
          alt={`${vehicleWords(track)} ${trackName(track)}`}
        />
      )}
      <p className={classes.facts}>
        <VehicleLook seen={track} />
        <br />
        Frames {first}–{last} · {readFrame(first)} – {readFrame(last)}
        <br />
        {counted(frameCount(track.spans), "box", "boxes")}
        {gaps > 0 && `, ${counted(gaps, "gap")}`} · {track.human ? "edited by people" : "as the run found it"}
      </p>
      {mayEdit && <Described track={track} fields={fields} onDescribe={onDescribe} />}
      {mayEdit && <Buttons />}
    </section>
  );
}

type DescribedProps = Pick<Props, "track" | "fields" | "onDescribe">;

/**
 * Edits give a tracklet new ids, and the first one its number, while somebody is typing: what is typed stays until the
 * field is left. It is about that tracklet alone.
 */
function Described({ track, fields, onDescribe }: DescribedProps) {
  const [typed, setTyped] = useState<Pick<Track, "id" | "number" | "note"> | null>(null);
  const { resolve } = useEdits();
  const isAbout = typed !== null && isSame(typed, track, resolve);
  const note = isAbout ? typed.note : track.note;
  return (
    <div className={classes.fields}>
      <Select
        ref={fields.category}
        size="xs"
        aria-label="Type"
        data={CATEGORIES.map((category) => ({ value: String(category), label: vehicleWord(category) }))}
        value={String(track.category)}
        onChange={(value) => value && onDescribe({ category: Number(value) })}
        allowDeselect={false}
      />
      <Select
        ref={fields.colour}
        size="xs"
        aria-label="Colour"
        data={[{ value: "", label: "no colour" }, ...COLOURS.map((value) => ({ value, label: value }))]}
        value={track.colour}
        onChange={(value) => onDescribe({ colour: value ?? "" })}
        allowDeselect={false}
      />
      <TextInput
        ref={fields.note}
        className={classes.wide}
        size="xs"
        aria-label="Note"
        placeholder="Note (N), Enter keeps it"
        maxLength={500}
        value={note}
        onChange={(event) =>
          setTyped({ id: track.id, number: track.number, note: event.currentTarget.value })
        }
        onBlur={() => {
          setTyped(null);
          if (note !== track.note) onDescribe({ note });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") setTyped(null);
        }}
      />
    </div>
  );
}

/** Whether `track` is what `before` has become: by its number, and by its ids until it has one. */
function isSame(before: Pick<Track, "id" | "number">, track: Track, resolve: Edits["resolve"]): boolean {
  if (before.number !== null) return before.number === track.number;
  return resolve(before.id, (id) => id === track.id) === track.id;
}

const GROUPS = [
  {
    name: "Track",
    actions: ["split", "trim-start", "trim-end", "swap", "hide"],
    words: ["Split here", "Begin here", "End here", "Swap…", "Hide"],
  },
  { name: "Identity", actions: ["move", "duplicate"], words: ["Move to…", "Duplicate of…"] },
  {
    name: "Boxes",
    actions: ["add-box", "delete-box", "interpolate"],
    words: ["Box here", "Delete box", "Interpolate"],
  },
  {
    name: "Look",
    actions: ["to-start", "to-end", "loop", "zoom"],
    words: ["To start", "To end", "Loop", "Close up"],
  },
] as const;

function Buttons() {
  return GROUPS.map(({ name, actions, words }) => (
    <section key={name} className={classes.group} aria-label={name}>
      <h3>{name}</h3>
      <div className={classes.buttons}>
        {actions.map((action, index) => (
          <ActionButton key={action} action={`track-${action}`}>
            {words[index]}
          </ActionButton>
        ))}
      </div>
    </section>
  ));
}
