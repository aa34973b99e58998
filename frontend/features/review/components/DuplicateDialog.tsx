import { Button, Modal } from "@mantine/core";
import { sentenceOf } from "@/lib/api/problem";
import { counted } from "@/lib/format";
import type { TrackletEdit } from "../api/editTracklets";
import { cutsOf } from "../handovers";
import { useTrackletEdits } from "../hooks/useTrackletEdits";
import type { Together } from "../identityEdit";
import { longerFirst } from "../together";
import classes from "./DuplicateDialog.module.css";
import { TrackletPicture } from "./TrackletPictures";

interface Props {
  sceneId: number;
  runId: number;
  /** Seen at one time in one camera. */
  together: Together;
  /** What ends the first where the second begins, and what is said beside it. */
  ending?: readonly TrackletEdit[];
  reason?: string | undefined;
  onDone: () => void;
  onClose: () => void;
}

/** Two tracklets of one moment in one camera are one vehicle only if one is a second box on it: which one stays? */
export function DuplicateDialog({ sceneId, runId, together, reason = "", onDone, onClose, ...props }: Props) {
  const { ending = cutsOf([together]) } = props;
  const edit = useTrackletEdits(sceneId, onDone);
  const { first, second, handover } = together;
  const [longer, shorter] = longerFirst([first, second]);
  const keep = (stays: Together["first"], goes: Together["first"]): void =>
    edit.mutate({ run: runId, edits: [{ op: "duplicate", tracklet: goes.id, of: stays.id }] });
  const choices = [
    [longer, shorter],
    [shorter, longer],
  ] as const;
  return (
    <Modal opened onClose={onClose} title="Two boxes on one vehicle?" size="lg">
      <p className={classes.words}>
        T{longer.number} and T{shorter.number} are seen at one time in {longer.camera.name}. They are one
        vehicle only if one of them is a second box on it. That one is hidden as a duplicate; it can be shown
        again under Hidden, or by undo in the history.
      </p>
      <div className={classes.choices}>
        {choices.map(([stays, goes], index) => (
          <section key={stays.id} className={classes.choice} aria-label={`Keep T${stays.number}`}>
            <TrackletPicture tracklet={stays} />
            <span>{counted(stays.length, "box", "boxes")}</span>
            <Button
              data-autofocus={index === 0 || undefined}
              variant={index === 0 ? "filled" : "default"}
              loading={edit.isPending}
              onClick={() => keep(stays, goes)}
            >
              Keep T{stays.number}, hide T{goes.number}
            </Button>
          </section>
        ))}
      </div>
      {handover && (
        <p className={classes.words} data-below>
          Or a tracker that lost the vehicle drifted on for a moment.{" "}
          <Button
            size="compact-xs"
            variant="default"
            loading={edit.isPending}
            onClick={() => edit.mutate({ run: runId, edits: ending, reason })}
          >
            End T{first.number} where T{second.number} begins
          </Button>
        </p>
      )}
      {edit.error && (
        <p className={classes.problem} role="alert">
          {sentenceOf(edit.error)}
        </p>
      )}
    </Modal>
  );
}
