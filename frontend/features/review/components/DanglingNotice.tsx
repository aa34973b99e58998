import { counted } from "@/lib/format";
import { useDangling } from "../api/getDangling";
import classes from "./DanglingNotice.module.css";
import { VerdictLine } from "./VerdictLine";

/** Decisions on vehicles that the present run did not find: kept, and named. Nothing where there are none. */
export function DanglingNotice({ sceneId }: { sceneId: number }) {
  const verdicts = useDangling(sceneId).data ?? [];
  if (verdicts.length === 0) return null;
  return (
    <details className={classes.notice}>
      <summary>
        {counted(verdicts.length, "decision")} about vehicles that the present run did not find
      </summary>
      <p className={classes.words}>They are kept and count again as soon as a run finds these vehicles.</p>
      {verdicts.map((verdict) => (
        <VerdictLine key={verdict.id} verdict={verdict} />
      ))}
    </details>
  );
}
