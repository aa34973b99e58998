// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef, useState } from "react";
import { expect, test, vi } from "vitest";
import { show } from "@/app/testing/page";
import { track } from "../testing";
import type { Track } from "../types";
import { Inspector } from "./Inspector";

const SPANS = [[0, 9]] as const;
const BEFORE = track(1, SPANS, { number: 7 });
/** The same tracklet when its last edit has been stored. */
const AFTER = track(2, SPANS, { number: 7, colour: "red" });
const ANOTHER = track(3, SPANS, { number: 9 });

function Selected({ onDescribe }: { onDescribe: () => void }) {
  const [selected, setSelected] = useState(BEFORE);
  const [fields] = useState(
    () => ({ category: createRef(), colour: createRef(), note: createRef() }) as never,
  );
  const become = (said: string, next: Track) => (
    <button type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => setSelected(next)}>
      {said}
    </button>
  );
  return (
    <>
      {become("stored", AFTER)}
      {become("touched", ANOTHER)}
      <Inspector
        {...{ track: selected, mayEdit: true, fields, onDescribe, identity: null, readFrame: String }}
      />
    </>
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

test("Escape drops what was typed", async () => {
  const onDescribe = vi.fn();
  show(<Selected onDescribe={onDescribe} />);
  await userEvent.type(screen.getByLabelText("Note"), "white{Escape}");
  await userEvent.tab();
  expect(screen.getByLabelText("Note")).toHaveProperty("value", "");
  expect(onDescribe).not.toHaveBeenCalled();
});
