import { useEffect } from "react";
import { connection } from "./api/connection";
import type { Outbox } from "./outbox";

/** Sends what an outbox holds while the calling component is on screen; a tab that would lose something asks first. */
export function useOutbox<Decision>(outbox: Outbox<Decision>): void {
  useEffect(() => {
    outbox.resume();
    const leave = connection.subscribe(() => {
      if (!connection.lost()) outbox.resume();
    });
    return () => {
      leave();
      outbox.stop();
    };
  }, [outbox]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (outbox.entries().some(({ state }) => state !== "refused")) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [outbox]);
}
