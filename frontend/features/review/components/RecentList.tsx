import { KeyCaps } from "@/components/KeyCaps";
import { lookOfAnswer } from "../answers";
import type { Recent, RecentState } from "../recent";
import classes from "./RecentList.module.css";

interface Props {
  recent: readonly Recent[];
  /** The one that the undo key takes back. */
  next: Recent | null;
  onUndo: (recent: Recent) => void;
  onDismiss: (key: string) => void;
}

const STATE_WORDS: Record<RecentState, string> = {
  saving: "saving…",
  unsaved: "not saved yet",
  refused: "refused",
  stored: "",
  undoing: "undoing…",
  undone: "undone",
};

/** The person's last decisions: which are stored, which are not, and the way back. */
export function RecentList({ recent, next, onUndo, onDismiss }: Props) {
  if (recent.length === 0) return <p className={classes.none}>Nothing yet.</p>;
  return (
    <ul className={classes.list}>
      {recent.map((one) => (
        <li key={one.key} className={classes.item} data-state={one.state} data-answer={one.answer}>
          <span className={classes.mark} title={lookOfAnswer(one.answer).word}>
            <span aria-hidden="true">{lookOfAnswer(one.answer).mark}</span>
            <span className={classes.unseen}>{lookOfAnswer(one.answer).word}</span>
          </span>
          <Pictures recent={one} />
          <span className={classes.words}>{STATE_WORDS[one.state] || one.effect}</span>
          {canUndo(one.state) && (
            <button type="button" className={classes.undo} onClick={() => onUndo(one)}>
              {one === next ? <KeyCaps keys="z" /> : "undo"}
              {one === next && <span className={classes.unseen}>undo</span>}
            </button>
          )}
          {one.problem !== null && <p className={classes.problem}>{one.problem}</p>}
          {one.refused !== null && (
            <button type="button" className={classes.undo} onClick={() => onDismiss(one.refused ?? "")}>
              dismiss
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function canUndo(state: RecentState): boolean {
  return state === "saving" || state === "unsaved" || state === "stored";
}

function Pictures({ recent: { tracklets, cameras } }: { recent: Recent }) {
  return (
    <span className={classes.pictures}>
      {tracklets.map((id, index) =>
        id === null ? null : (
          <img key={id} src={`/api/v1/tracklets/${id}/crops/0.jpg`} alt={cameras[index]} loading="lazy" />
        ),
      )}
    </span>
  );
}
