import { KeyCaps } from "@/components/KeyCaps";
import { useAllActions } from "@/lib/actions/useActions";
import { LOOK_GROUP } from "../hooks/useReviewActions";
import classes from "./LookTools.module.css";

/** The ways to look at a pair as buttons, made from the same actions as their keys. */
export function LookTools() {
  const actions = useAllActions().filter(({ group }) => group === LOOK_GROUP);
  return (
    <div className={classes.tools} role="group" aria-label="Ways to look">
      {actions.map(({ id, title, keys, perform }) => (
        <button
          key={id}
          type="button"
          className={classes.tool}
          onMouseDown={(event) => event.preventDefault()}
          onClick={perform}
        >
          {title}
          {keys && <KeyCaps keys={keys.split(",")[0] ?? keys} />}
        </button>
      ))}
    </div>
  );
}
