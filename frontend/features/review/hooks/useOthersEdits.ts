import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useReviewState } from "../api/getReviewState";
import { noteOthers } from "../storedDecision";
import { useEntries } from "./useDecisions";

/** Read everything again when somebody else has edited the scene; `known` is the newest edit that this page has seen. */
export function useOthersEdits(sceneId: number, known: number | undefined): void {
  const queries = useQueryClient();
  const isSending = useEntries().some(({ state }) => state === "sending");
  const newest = useReviewState(sceneId).data?.revision;
  const noted = useRef(0);
  useEffect(() => {
    // An own decision on its way is in the count too: its answer brings what follows from it.
    if (isSending || newest === undefined || known === undefined || newest <= Math.max(known, noted.current))
      return;
    noted.current = newest;
    noteOthers(queries, sceneId);
  }, [isSending, newest, known, queries, sceneId]);
}
