import { counted } from "@/lib/format";
import type { Run } from "../api/getRun";
import classes from "./RunFacts.module.css";

/** What a run found and with which models. */
export function RunFacts({ run }: { run: Run }) {
  const models = Object.entries(run.models_used);
  return (
    <dl className={classes.facts}>
      <dt>found</dt>
      <dd>
        {counted(run.tracklet_count, "tracklet")}, {counted(run.identity_count, "identity", "identities")},{" "}
        {run.shared_identity_count.toLocaleString("en")} of them in two cameras or more
      </dd>
      {models.map(([stage, model]) => (
        <div key={stage} className={classes.pair}>
          <dt>{stage} with</dt>
          <dd>
            {model.name} <code className={classes.checksum}>{model.checksum.slice(0, 10)}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
