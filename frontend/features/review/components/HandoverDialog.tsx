import { Button, Checkbox, Modal } from "@mantine/core";
import { useState } from "react";
import { sentenceOf } from "@/lib/api/problem";
import { afterCuts, handoversOf, twoWords } from "../handovers";
import { useTrackletEdits } from "../hooks/useTrackletEdits";
import type { TrackletState } from "../identityEdit";
import type { Meeting, Pair, VerdictRequest } from "../types";
import classes from "./DuplicateDialog.module.css";
import { TrackletPicture } from "./TrackletPictures";

interface Props {
  sceneId: number;
  runId: number;
  pair: Pair;
  /** "Same" of the pair, with what the person said beside it. */
  verdict: VerdictRequest;
  /** It is stored, cuts and all. */
  onDone: () => void;
  /** The verdict alone. */
  onAlone: () => void;
  onClose: () => void;
}

/** "Same" would put a tracklet out for a moment that a camera has two on one vehicle: or is the first one cut there? */
export function HandoverDialog({ sceneId, runId, pair, verdict, onDone, onAlone, onClose }: Props) {
  const edit = useTrackletEdits(sceneId, onDone);
  const [spared, setSpared] = useState<readonly Meeting[]>([]);
  const met = handoversOf(pair);
  const others = pair.meetings.filter((each) => !met.includes(each));
  const cut = met.filter((each) => !spared.includes(each));
  const store = (): void => {
    if (cut.length === 0) onAlone();
    else edit.mutate({ run: runId, edits: afterCuts(verdict, cut), reason: verdict.reason ?? "" });
  };
  return (
    <Modal opened onClose={onClose} title="One vehicle, followed twice for a moment?" size="lg">
      <p className={classes.words}>
        No identity has two tracklets of one camera at one time: with “same” alone, one of these two leaves.
        If both are this vehicle, the first one can end where the second begins. Undo in the history brings
        its last boxes back.
      </p>
      <div className={classes.choices}>
        {met.map((each) => (
          <section key={`${each.first.id} ${each.second.id}`} className={classes.choice}>
            <div className={classes.both}>
              <TrackletPicture tracklet={each.first as TrackletState} />
              <TrackletPicture tracklet={each.second as TrackletState} />
            </div>
            <span>{twoWords(each)}.</span>
            <Checkbox
              size="xs"
              label={`Both are this vehicle: end T${each.first.number} there`}
              checked={!spared.includes(each)}
              onChange={({ currentTarget: { checked } }) =>
                setSpared(checked ? spared.filter((other) => other !== each) : [...spared, each])
              }
            />
          </section>
        ))}
      </div>
      {others.length > 0 && (
        <p className={classes.words} data-below>
          {others.map(twoWords).join("; ")}: one of these leaves all the same.
        </p>
      )}
      <Button mt={12} data-autofocus loading={edit.isPending} onClick={store}>
        {cut.length > 0
          ? `Same, and end ${cut.map(({ first }) => `T${first.number}`).join(", ")} there`
          : "Same alone"}
      </Button>
      {edit.error && (
        <p className={classes.problem} role="alert">
          {sentenceOf(edit.error)}
        </p>
      )}
    </Modal>
  );
}
