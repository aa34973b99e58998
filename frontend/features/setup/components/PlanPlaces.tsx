import type { Plan } from "../api/plan";
import { isComplete, type PairsDraft, withChange } from "../pairsDraft";
import { planMapping } from "../planDraft";
import { inside, type Point } from "../regionDraft";
import { Drawing } from "./Drawing";
import { Handle } from "./Handle";
import pictures from "./SetupPicture.module.css";
import classes from "./setup.module.css";

interface Props {
  plan: Plan;
  draft: PairsDraft;
  change: ((next: PairsDraft, tag?: string | null) => void) | null;
}

/** The plan beside a camera's picture: a click on it says where the first point without a place is. */
export function PlanPlaces({ plan, draft, change }: Props) {
  const mapping = planMapping(plan, draft.unit);
  if (!plan.picture_url || !mapping) return null;
  const size = { width: plan.width ?? 1, height: plan.height ?? 1 };
  const open = draft.pairs.find((pair) => !isComplete(pair));
  const put = (key: number, at: Point): void =>
    change?.(
      withChange(draft, key, { place: rounded(mapping.place(inside(at, size)), draft.unit) }),
      `place ${key}`,
    );
  return (
    <section aria-label="The plan">
      <p className={classes.note}>
        {open
          ? `Click on the plan where point ${draft.pairs.indexOf(open) + 1} is, or type its place.`
          : "Click a place in the camera's picture, then the same place on the plan."}
      </p>
      <Drawing
        {...size}
        label="Drawing over the plan"
        onPoint={change && open ? (at) => put(open.key, at) : undefined}
        picture={<img className={pictures.video} src={plan.picture_url} alt="The scene from above" />}
      >
        {(unit) =>
          draft.pairs.map((pair, index) => {
            const [first, second] = pair.place;
            if (first === null || second === null) return null;
            return (
              <Handle
                key={pair.key}
                at={mapping.pixel([first, second])}
                unit={unit}
                label={`Place of point ${index + 1}`}
                mark={String(index + 1)}
                onMove={change ? (to) => put(pair.key, to) : undefined}
              />
            );
          })
        }
      </Drawing>
    </section>
  );
}

/** To a centimetre, as nobody clicks better than that. */
function rounded([first, second]: Point, unit: PairsDraft["unit"]): Point {
  const digits = unit === "metres" ? 100 : 1e7;
  return [Math.round(first * digits) / digits, Math.round(second * digits) / digits];
}
