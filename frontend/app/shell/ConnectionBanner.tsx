import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { Icon } from "@/components/Icon";
import { connection } from "@/lib/api/connection";
import classes from "./ConnectionBanner.module.css";
import { serverAnswers } from "./serverAnswers";

const ASK_AGAIN_MS = 2000;

/** Says that the server cannot be reached, keeps asking, and brings every page up to date when it is back. */
export function ConnectionBanner() {
  const lost = useSyncExternalStore(connection.subscribe, connection.lost);
  const queries = useQueryClient();

  useEffect(() => {
    if (!lost) return;
    const timer = setInterval(async () => {
      if (!(await serverAnswers())) return;
      connection.report(true);
      void queries.invalidateQueries();
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
