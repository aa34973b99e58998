// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef, useState } from "react";
import { expect, test, vi } from "vitest";
import { show } from "@/app/testing/page";
import { Outbox } from "@/lib/outbox";
import { type Edits, EditsContext } from "../hooks/useEdits";
import { Names } from "../names";
import { track } from "../testing";
import type { Track } from "../types";
import { Inspector } from "./Inspector";

const SPANS = [[0, 9]] as const;
const BEFORE = track(1, SPANS, { number: 7 });
/** The same tracklet when its last edit has been stored. */
const AFTER = track(2, SPANS, { number: 7, colour: "red" });
const ANOTHER = track(3, SPANS, { number: 9 });
/** The second part of a split that the server does not have yet, and the same when it has. */
const NEW = track(-1, SPANS, { number: null });
const NUMBERED = track(4, SPANS, { number: 11 });

const NAMES = new Names();
NAMES.note(new Map([[NEW.id, NUMBERED.id]]));
const EDITS: Edits = {
  person: 1,
  outbox: new Outbox(window.sessionStorage, "edits", async () => ({ operation: 1 })),
  resolve: (id, isShown) => NAMES.resolve(id, isShown),
};

function Selected({ onDescribe, first = BEFORE }: { onDescribe: () => void; first?: Track }) {
  const [selected, setSelected] = useState(first);
  const [fields] = useState(
    () => ({ category: createRef(), colour: createRef(), note: createRef() }) as never,
  );
  const become = (said: string, next: Track) => (
    <button type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => setSelected(next)}>
      {said}
    </button>
  );
  return (
    <EditsContext value={EDITS}>
      {become("stored", first === NEW ? NUMBERED : AFTER)}
      {become("touched", ANOTHER)}
      <Inspector
        {...{ track: selected, mayEdit: true, fields, onDescribe, identity: null, readFrame: String }}
      />
    </EditsContext>
  );
}

test("a note goes on being typed while an earlier edit of the tracklet is stored", async () => {
  const onDescribe = vi.fn();
  show(<Selected onDescribe={onDescribe} />);
  await userEvent.type(screen.getByLabelText("Note"), "white ");
  await userEvent.click(screen.getByText("stored"));
  await userEvent.keyboard("roof{Enter}");
  expect(onDescribe.mock.calls).toEqual([[{ note: "white roof" }]]);
});

test("a note that is being typed is not put on another tracklet, chosen before the field is left", async () => {
  const onDescribe = vi.fn();
  show(<Selected onDescribe={onDescribe} />);
  await userEvent.type(screen.getByLabelText("Note"), "white");
  await userEvent.click(screen.getByText("touched"));
  expect(screen.getByLabelText("Note")).toHaveProperty("value", "");
  await userEvent.tab();
  expect(onDescribe).not.toHaveBeenCalled();
});

test("a note on a tracklet that gets its number meanwhile goes on being typed", async () => {
  const onDescribe = vi.fn();
  show(<Selected onDescribe={onDescribe} first={NEW} />);
  await userEvent.type(screen.getByLabelText("Note"), "white ");
  await userEvent.click(screen.getByText("stored"));
  await userEvent.keyboard("roof{Enter}");
  expect(onDescribe.mock.calls).toEqual([[{ note: "white roof" }]]);
});

test("a note on a tracklet without a number is not put on another one, chosen before the field is left", async () => {
  const onDescribe = vi.fn();
  show(<Selected onDescribe={onDescribe} first={NEW} />);
  await userEvent.type(screen.getByLabelText("Note"), "white");
  await userEvent.click(screen.getByText("touched"));
  expect(screen.getByLabelText("Note")).toHaveProperty("value", "");
  await userEvent.tab();
  expect(onDescribe).not.toHaveBeenCalled();
});

test("Escape drops what was typed", async () => {
  const onDescribe = vi.fn();
  show(<Selected onDescribe={onDescribe} />);
  await userEvent.type(screen.getByLabelText("Note"), "white{Escape}");
  await userEvent.tab();
  expect(screen.getByLabelText("Note")).toHaveProperty("value", "");
  expect(onDescribe).not.toHaveBeenCalled();
});
