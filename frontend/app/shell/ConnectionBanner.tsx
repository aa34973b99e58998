import { type Query, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { Icon } from "@/components/Icon";
import { connection } from "@/lib/api/connection";
import classes from "./ConnectionBanner.module.css";
import { serverAnswers } from "./serverAnswers";

const ASK_AGAIN_MS = 2000;

/** Not what somebody is changing just now: that stays the version that they began with. */
function isBehind({ meta, state }: Query): boolean {
  return meta?.isDrawnOn !== true || state.data === undefined;
}

/** Says that the server cannot be reached, keeps asking, and brings every page up to date when it is back. */
export function ConnectionBanner() {
  const lost = useSyncExternalStore(connection.subscribe, connection.lost);
  const queries = useQueryClient();

  useEffect(() => {
    if (!lost) return;
    const timer = setInterval(async () => {
      if (!(await serverAnswers())) return;
      connection.report(true);
      void queries.invalidateQueries({ predicate: isBehind });
    }, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [lost, queries]);

  return (
    <div role="status" aria-live="polite">
      {lost && (
        <div className={classes.banner}>
          <Icon name="warning" />
          The server cannot be reached. Nothing is lost; this page goes on as soon as it answers.
        </div>
      )}
    </div>
  );
}
