import { Skeleton, VisuallyHidden } from "@mantine/core";
import { Link } from "react-router";
import { Crop } from "@/components/Crop";
import { IdentityChip } from "@/components/IdentityChip";
import { ProblemState } from "@/components/ProblemState";
import { clockTime, counted, percent } from "@/lib/format";
import { type Difference, useComparison } from "../api/getComparison";
import { type Run, useRun } from "../api/getRun";
import { settingChanges, settingsOf } from "../settings";
import classes from "./RunComparison.module.css";

interface Props {
  run: Run;
  otherId: number;
  cameras: ReadonlyMap<number, string>;
}

/** A run beside another one of its scene: scores, settings, and the vehicles that it sees otherwise. */
export function RunComparison({ run, otherId, cameras }: Props) {
  const other = useRun(otherId);
  const comparison = useComparison(run.id, otherId);
  const failed = [other, comparison].find(({ isError, data }) => isError && !data);
  if (failed) return <ProblemState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!other.data || !comparison.data) return <Skeleton height={200} />;
  const { counts, differing } = comparison.data;
  const all = counts.same + counts.changed + counts.gone + counts.new;
  return (
    <section aria-label={`Run ${run.number} beside run ${other.data.number}`} className={classes.whole}>
      <Scores before={other.data} after={run} />
      <Settings before={other.data} after={run} />
      <h3 className={classes.heading}>
        {counted(counts.same, "identity", "identities")} of {all.toLocaleString("en")} in two cameras or more{" "}
        {counts.same === 1 ? "is" : "are"} the same
      </h3>
      <p className={classes.note}>
        {counts.changed} in other passages, {counts.gone} only in run {other.data.number}, {counts.new} only
        in run {run.number}
        {differing.length < all - counts.same && `; the first ${differing.length} are shown`}.
      </p>
      {differing.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Identity</th>
              <th scope="col">In run {other.data.number}</th>
              <th scope="col">In run {run.number}</th>
            </tr>
          </thead>
          <tbody>
            {differing.map((each) => (
              <tr key={each.number}>
                <th scope="row">
                  <IdentityChip number={each.number} />
                </th>
                <Side run={other.data} number={each.number} passages={each.before} cameras={cameras} />
                <Side run={run} number={each.number} passages={each.after} cameras={cameras} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const SCORES = [
  { key: "idf1", title: "IDF1" },
  { key: "idp", title: "IDP" },
  { key: "idr", title: "IDR" },
  { key: "mota", title: "MOTA" },
  { key: "hota", title: "HOTA" },
] as const;

function Scores({ before, after }: { before: Run; after: Run }) {
  const [old, now] = [before.score, after.score];
  if (!old || !now)
    return (
      <p className={classes.note}>
        {old || now
          ? "Only one of the two has a score."
          : "There is no ground truth, so neither has a score."}
      </p>
    );
  return (
    <table className={classes.scores}>
      <thead>
        <tr>
          <th scope="col">Against ground truth</th>
          {SCORES.map(({ key, title }) => (
            <th scope="col" key={key}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[before, after].map(({ id, number, score }) => (
          <tr key={id}>
            <th scope="row">run {number}</th>
            {SCORES.map(({ key }) => (
              <td key={key}>{score ? percent(score[key]) : ""}</td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">difference</th>
          {SCORES.map(({ key }) => (
            <td key={key} data-tone={toneOf(now[key] - old[key])}>
              {signed(now[key] - old[key])}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function signed(difference: number): string {
  const text = (difference * 100).toFixed(1);
  return difference > 0 ? `+${text}` : text.replace("-0.0", "0.0");
}

function toneOf(difference: number): "good" | "bad" | undefined {
  if (Math.abs(difference) < 0.0005) return undefined;
  return difference > 0 ? "good" : "bad";
}

/** Preset, settings and models that are not the same. */
function Settings({ before, after }: { before: Run; after: Run }) {
  const changes = settingChanges(settingsOf(before), settingsOf(after));
  if (changes.length === 0)
    return <p className={classes.note}>Both have the same settings and the same models.</p>;
  return (
    <table className={classes.settings}>
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Run {before.number}</th>
          <th scope="col">Run {after.number}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ name, before: old, after: now }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{old ?? "default"}</td>
            <td>{now ?? "default"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface SideProps {
  run: Run;
  number: number;
  passages: Difference["before"];
  cameras: ReadonlyMap<number, string>;
}

/** An identity as one run has it, and the way there. */
function Side({ run, number, passages, cameras }: SideProps) {
  if (passages.length === 0) return <td className={classes.nothing}>is not there</td>;
  const search = run.is_current ? "" : `&run=${run.id}`;
  return (
    <td>
      <Link className={classes.side} to={`/scenes/${run.scene}/identities?identity=${number}${search}`}>
        <VisuallyHidden>
          Identity {number} in run {run.number}
        </VisuallyHidden>
        {passages.map(({ tracklet, camera, start_s, crop_url }) => {
          const words = `${cameras.get(camera) ?? ""} ${clockTime(start_s)}`;
          return (
            <span key={tracklet} className={classes.passage}>
              {crop_url && <Crop url={crop_url} size="small" label="" />}
              <span>{words}</span>
            </span>
          );
        })}
      </Link>
    </td>
  );
}
