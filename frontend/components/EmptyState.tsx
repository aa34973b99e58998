import type { ReactNode } from "react";
import classes from "./states.module.css";

/** In place of a list that has nothing in it: what it would show and how to get there. */
export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.state}>
      <h2 className={classes.title}>{title}</h2>
      <div className={classes.sentence}>{children}</div>
    </div>
  );
}
