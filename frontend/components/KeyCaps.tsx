import { Kbd } from "@mantine/core";
import { Fragment } from "react";
import { keyCaps } from "@/lib/actions/action";
import classes from "./KeyCaps.module.css";

/** The keys of an action as key caps; alternatives are separated by "or". */
export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className={classes.caps}>
      {keyCaps(keys).map((caps, index) => (
        <Fragment key={caps.join(" ")}>
          {index > 0 && <span className={classes.word}>or</span>}
          {caps.map((cap, at) =>
            cap === "then" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: the caps of a key never change order
              <span key={at} className={classes.word}>
                then
              </span>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: the caps of a key never change order
              <Kbd key={at} size="xs">
                {cap}
              </Kbd>
            ),
          )}
        </Fragment>
      ))}
    </span>
  );
}
