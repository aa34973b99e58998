import { Crop } from "@/components/Crop";
import type { TrainingDetail } from "../api/getTraining";
import classes from "./training.module.css";

/** Vehicles that were not learned from, each with what the new model finds nearest in other cameras. */
export function SampleRankings({ samples }: { samples: TrainingDetail["samples"] }) {
  if (samples.length === 0) return null;
  return (
    <section aria-label="Sample rankings">
      <h3 className={classes.heading}>Found by the new model, nearest first</h3>
      {samples.map(({ query, found }) => (
        <div key={query.url} className={classes.ranking}>
          <div className={classes.asked}>
            <Crop size="row" url={query.url} label={`Vehicle ${query.identity} in camera ${query.camera}`} />
            <span>#{query.identity}</span>
          </div>
          <ol className={classes.found}>
            {found.map((picture) => (
              <li key={picture.url} data-right={picture.right || undefined}>
                <Crop
                  size="row"
                  url={picture.url}
                  label={`${picture.right ? "Right" : "Wrong"}: vehicle ${picture.identity} in camera ${picture.camera}`}
                />
                <span>
                  {picture.right ? "✓ right" : "✕ wrong"} #{picture.identity}
                </span>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}
