import { Kbd } from "@mantine/core";
import type { MouseEvent, RefObject } from "react";
import { KeyCaps } from "@/components/KeyCaps";
import { ANSWERS, type Answer, CONFIDENCES } from "../answers";
import classes from "./AnswerBar.module.css";

interface Props {
  onAnswer: (answer: Answer) => void;
  confidence: number | null;
  onConfidence: (confidence: number | null) => void;
  reason: string;
  onReason: (reason: string) => void;
  reasonField: RefObject<HTMLInputElement | null>;
}

/** A click leaves the focus where it was: the space bar must never press the button that was clicked last. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

/** The three answers under the thumb, and what may be said with them. */
export function AnswerBar(props: Props) {
  const { onAnswer, confidence, onConfidence, reason, onReason, reasonField } = props;
  return (
    <section className={classes.bar} aria-label="Answer">
      <div className={classes.answers}>
        {ANSWERS.map(({ answer, word, mark, keys }) => (
          <button
            key={answer}
            type="button"
            className={classes.answer}
            data-answer={answer}
            onMouseDown={keepFocus}
            onClick={() => onAnswer(answer)}
          >
            <span className={classes.mark} aria-hidden="true">
              {mark}
            </span>
            {word}
            <KeyCaps keys={keys} />
          </button>
        ))}
      </div>
      <div className={classes.said}>
        <div className={classes.confidences} role="group" aria-label="How sure you are">
          {CONFIDENCES.map((word, index) => (
            <button
              key={word}
              type="button"
              className={classes.confidence}
              aria-pressed={confidence === index + 1}
              onMouseDown={keepFocus}
              onClick={() => onConfidence(confidence === index + 1 ? null : index + 1)}
            >
              <Kbd size="xs">{index + 1}</Kbd> {word}
            </button>
          ))}
        </div>
        <input
          ref={reasonField}
          className={classes.reason}
          value={reason}
          maxLength={2000}
          aria-label="Note"
          placeholder="Note (N)"
          onChange={(event) => onReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </div>
    </section>
  );
}
