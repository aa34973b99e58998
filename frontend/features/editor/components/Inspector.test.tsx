// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef, useState } from "react";
import { expect, test, vi } from "vitest";
import { show } from "@/app/testing/page";
import { track } from "../testing";
import { Inspector } from "./Inspector";

const SPANS = [[0, 9]] as const;
const BEFORE = track(1, SPANS, { number: 7 });
/** The same tracklet when its last edit has been stored. */
const AFTER = track(2, SPANS, { number: 7, colour: "red" });

function Selected({ onDescribe }: { onDescribe: () => void }) {
  const [selected, setSelected] = useState(BEFORE);
  const [fields] = useState(
    () => ({ category: createRef(), colour: createRef(), note: createRef() }) as never,
  );
  return (
    <>
      <button
        type="button"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => setSelected(AFTER)}
      >
        stored
      </button>
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

test("Escape drops what was typed", async () => {
  const onDescribe = vi.fn();
  show(<Selected onDescribe={onDescribe} />);
  await userEvent.type(screen.getByLabelText("Note"), "white{Escape}");
  await userEvent.tab();
  expect(screen.getByLabelText("Note")).toHaveProperty("value", "");
  expect(onDescribe).not.toHaveBeenCalled();
});
