import { percent } from "@/lib/format";
import type { Run } from "../api/getRun";
import classes from "./ScoreCard.module.css";

type Score = NonNullable<Run["score"]>;

const HEADLINE = [
  { key: "idf1", title: "IDF1" },
  { key: "idp", title: "IDP" },
  { key: "idr", title: "IDR" },
  { key: "mota", title: "MOTA" },
  { key: "hota", title: "HOTA" },
] as const;

/** A run against its scene's ground truth: over all cameras, by camera, and by which rule. */
export function ScoreCard({ score }: { score: Score }) {
  const cameras = Object.entries(score.per_camera);
  return (
    <section aria-label="Score" className={classes.card}>
      <dl className={classes.headline}>
        {HEADLINE.map(({ key, title }) => (
          <div key={key}>
            <dt>{title}</dt>
            <dd>{percent(score[key])}</dd>
          </div>
        ))}
      </dl>
      {cameras.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">camera alone</th>
              {HEADLINE.map(({ key, title }) => (
                <th scope="col" key={key}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cameras.map(([name, camera]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {HEADLINE.map(({ key }) => (
                  <td key={key}>{percent(camera[key])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className={classes.rule}>
        {score.rule}. {score.idtp.toLocaleString("en")} boxes right, {score.idfp.toLocaleString("en")} too
        many, {score.idfn.toLocaleString("en")} missed.
      </p>
    </section>
  );
}
