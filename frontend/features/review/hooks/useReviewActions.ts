import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { useLatest } from "@/lib/useLatest";
import { ANSWERS, type Answer, CONFIDENCES } from "../answers";

/** The group of the actions that change how a pair is looked at. */
export const LOOK_GROUP = "Look";

export interface ReviewCommands {
  answer(answer: Answer): void;
  confidence(confidence: number): void;
  move(by: number): void;
  toggleFullFrame(): void;
  togglePlaying(): void;
  nextBrightness(): void;
  toggleHeat(): void;
  nextViews(): void;
  writeNote(): void;
}

/** Everything that can be done with a pair, for buttons, keys, palette and the ? sheet alike. */
export function useReviewActions(commands: ReviewCommands): void {
  const now = useLatest(commands);
  useActions(useMemo(() => reviewActions(now), [now]));
}

/** Taking the last decision back: possible also when no pair is left. */
export function useUndoAction(undo: () => void, unavailable: string | null): void {
  const now = useLatest(undo);
  useActions(
    useMemo(
      () => [{ ...decide("undo", "Undo the last decision", "z", () => now()()), unavailable }],
      [now, unavailable],
    ),
  );
}

function decide(id: string, title: string, keys: string, perform: () => void): Action {
  return { id: `review-${id}`, title, group: "Decide", keys, oncePerPress: true, perform };
}

function reviewActions(now: () => ReviewCommands): Action[] {
  const look = (id: string, title: string, keys: string, perform: () => void): Action => ({
    id: `review-${id}`,
    title,
    group: LOOK_GROUP,
    keys,
    perform,
  });
  return [
    ...ANSWERS.map(({ answer, word, keys }) => decide(answer, word, keys, () => now().answer(answer))),
    ...CONFIDENCES.map((word, index) => ({
      ...decide(`sure-${index + 1}`, `Say: ${word}`, String(index + 1), () => now().confidence(index + 1)),
      keysOnly: true,
    })),
    decide("note", "Write a note", "n", () => now().writeNote()),
    look("next", "Next pair", "arrowright,j", () => now().move(1)),
    look("previous", "Pair before", "arrowleft,k", () => now().move(-1)),
    look("views", "Other views", "v", () => now().nextViews()),
    look("full", "Full frames", "f", () => now().toggleFullFrame()),
    look("play", "Clips on or off", "p", () => now().togglePlaying()),
    look("bright", "Brighter", "b", () => now().nextBrightness()),
    look("heat", "Heatmap", "h", () => now().toggleHeat()),
  ];
}
