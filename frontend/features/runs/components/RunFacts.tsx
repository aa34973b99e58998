import { Link } from "react-router";
import { counted } from "@/lib/format";
import { KINDS, versionAddress, versionName } from "@/lib/modelKinds";
import type { Run } from "../api/getRun";
import classes from "./RunFacts.module.css";

/** What a run found and with which models. */
export function RunFacts({ run }: { run: Run }) {
  const models = Object.entries(run.models_used);
  const versions = KINDS.flatMap((kind) => {
    const number = run.versions[kind];
    return number === null ? [] : [{ kind, number }];
  });
  return (
    <dl className={classes.facts}>
      <dt>found</dt>
      <dd>
        {counted(run.tracklet_count, "tracklet")}, {counted(run.identity_count, "identity", "identities")},{" "}
        {run.shared_identity_count.toLocaleString("en")} of them in two cameras or more
      </dd>
      {versions.length > 0 && (
        <div className={classes.pair}>
          <dt>goes by</dt>
          <dd className={classes.versions}>
            {versions.map(({ kind, number }) => (
              <span key={kind}>
                <Link to={versionAddress(run.scene, kind, number)}>{versionName(kind, number)}</Link>
                {number === 1 && ", which comes with Crosstrack"}
              </span>
            ))}
          </dd>
        </div>
      )}
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
