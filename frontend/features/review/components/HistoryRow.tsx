import { Button, Tooltip } from "@mantine/core";
import { sentenceOf } from "@/lib/api/problem";
import { dateAndTime, shortMoment } from "@/lib/format";
import { useUndoing } from "../hooks/useUndoing";
import { kindWords, shownVerdicts, wayBack } from "../operations";
import { effectWords } from "../recent";
import type { Operation } from "../types";
import classes from "./HistoryRow.module.css";
import { VerdictLine } from "./VerdictLine";

const MOST_VERDICTS = 3;

interface Props {
  operation: Operation;
  sceneId: number;
  timeZone: string;
  mayUndo: boolean;
}

/** One operation: who, when, what it said and did, and the way back or why there is none. */
export function HistoryRow({ operation, sceneId, timeZone, mayUndo }: Props) {
  const { id, number, actor, at, kind, undone_by } = operation;
  const { shown, more } = shownVerdicts(operation, MOST_VERDICTS);
  const undoing = useUndoing(sceneId);
  return (
    <li className={classes.row} data-undone={undone_by !== null || undefined} data-operation={id}>
      <span className={classes.number}>#{number}</span>
      <Tooltip label={dateAndTime(at, timeZone)}>
        <time className={classes.time} dateTime={at}>
          {shortMoment(at, new Date(), timeZone)}
        </time>
      </Tooltip>
      <span className={classes.actor}>{actor.username}</span>
      <div className={classes.what}>
        {kind !== "verdict" && <span className={classes.kind}>{kindWords(operation)}</span>}
        {shown.map((verdict) => (
          <VerdictLine key={verdict.id} verdict={verdict} />
        ))}
        {more > 0 && <span className={classes.kind}>and {more} more</span>}
      </div>
      <span className={classes.effect}>{effectWords(operation.effect) || "identities unchanged"}</span>
      <div className={classes.undo}>
        {undone_by ? (
          <span className={classes.note}>undone by #{undone_by.number}</span>
        ) : (
          mayUndo && (
            <UndoButton operation={operation} isBusy={undoing.isPending} onUndo={() => undoing.mutate(id)} />
          )
        )}
      </div>
      {undoing.isError && (
        <p className={classes.problem} role="alert">
          {sentenceOf(undoing.error)}
        </p>
      )}
    </li>
  );
}

interface UndoProps {
  operation: Operation;
  isBusy: boolean;
  onUndo: () => void;
}

function UndoButton({ operation, isBusy, onUndo }: UndoProps) {
  const { number, undo_refused } = operation;
  const word = wayBack(operation);
  const button = (
    <Button
      size="compact-xs"
      variant="default"
      loading={isBusy}
      data-disabled={undo_refused !== null || undefined}
      aria-disabled={undo_refused !== null}
      aria-label={`${word} operation ${number}`}
      onClick={() => undo_refused === null && onUndo()}
    >
      {word}
    </Button>
  );
  return undo_refused === null ? (
    button
  ) : (
    <Tooltip label={undo_refused} multiline maw={320}>
      {button}
    </Tooltip>
  );
}
