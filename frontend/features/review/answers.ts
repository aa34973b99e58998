import type { Verdict } from "./types";

/** The three answers. Each has a shape of its own beside its colour. */
export type Answer = Verdict["verdict"];

export interface AnswerLook {
  readonly answer: Answer;
  readonly word: string;
  readonly mark: string;
  readonly keys: string;
}

/** In the order of the buttons: from no to yes. */
export const ANSWERS: readonly AnswerLook[] = [
  { answer: "different", word: "Different", mark: "≠", keys: "d" },
  { answer: "cannot_tell", word: "Can’t tell", mark: "?", keys: "space" },
  { answer: "same", word: "Same", mark: "=", keys: "s" },
];

const LOOKS = Object.fromEntries(ANSWERS.map((look) => [look.answer, look])) as Record<Answer, AnswerLook>;

export function lookOfAnswer(answer: Answer): AnswerLook {
  return LOOKS[answer];
}

/** How sure a person says to be; 1 to 4. */
export const CONFIDENCES = ["guessing", "not sure", "sure", "certain"] as const;

export function confidenceWord(confidence: number | null | undefined): string | null {
  return confidence == null ? null : (CONFIDENCES[confidence - 1] ?? null);
}
