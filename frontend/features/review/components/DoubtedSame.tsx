import { afterCuts, handoversOf } from "../handovers";
import type { Together } from "../identityEdit";
import { seenTogether } from "../together";
import type { Pair, VerdictRequest } from "../types";
import { DuplicateDialog } from "./DuplicateDialog";
import { HandoverDialog } from "./HandoverDialog";

interface Props {
  sceneId: number;
  runId: number;
  pair: Pair;
  /** "Same" of the pair, with what the person said beside it. */
  verdict: VerdictRequest;
  /** It is stored with the cuts that it takes, or another edit in its place. */
  onDone: () => void;
  /** The verdict alone. */
  onAlone: () => void;
  onClose: () => void;
}

/** Whether "same" of a pair asks back: a camera has two tracklets at one time that would be one vehicle. */
export function isDoubted(pair: Pair): boolean {
  return seenTogether(pair.left, pair.right) || handoversOf(pair).length > 0;
}

/** What is asked back: one of two is hidden as a second box, or ends where the other takes over. */
export function DoubtedSame({ sceneId, runId, pair, verdict, onDone, onAlone, onClose }: Props) {
  const shared = { sceneId, runId, onDone, onClose };
  if (seenTogether(pair.left, pair.right)) {
    const together = togetherAs(pair);
    const ending = afterCuts(verdict, [together]);
    return <DuplicateDialog {...shared} together={together} ending={ending} reason={verdict.reason} />;
  }
  return <HandoverDialog {...shared} pair={pair} verdict={verdict} onAlone={onAlone} />;
}

/** The two of a pair that one camera has at one time. */
function togetherAs({ left, right, meetings }: Pair): Together {
  const [first, second] = right.start_s < left.start_s ? [right, left] : [left, right];
  const met = meetings.find((each) => each.first.id === first.id && each.second.id === second.id);
  return { first, second, handover: met?.handover ?? false };
}
