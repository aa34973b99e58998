import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { newKey } from "@/lib/newKey";
import type { Answer } from "../answers";
import { leaseQuery } from "../api/leasePairs";
import type { QueueFilter } from "../filter";
import { answered, EMPTY, moved, onScreen, pairKey, type Queue, refilled, returned } from "../queue";
import type { Pair, VerdictRequest } from "../types";
import { useDecisions } from "./useDecisions";

/** What a person says beside the answer. */
export interface Said {
  readonly confidence: number | null;
  readonly reason: string;
}

/** The pairs that a person holds: one on screen, the others waiting. An answer brings the next one at once. */
export function useReviewQueue(sceneId: number, filter: QueueFilter) {
  const { outbox, decidedSince } = useDecisions();
  const lease = useQuery(leaseQuery(sceneId, filter));
  const [queue, setQueue] = useState<Queue<Pair>>(EMPTY);
  const pair = onScreen(queue);
  const name = pair && pairKey(pair);
  const openedAt = useRef(new Date());

  const { data } = lease;
  const run = useRef<number | null>(null);
  useEffect(() => {
    if (!data) return;
    // Another run is shown now: what was held of the one before can no longer be decided.
    const isSameRun = run.current === data.run;
    run.current = data.run;
    setQueue((held) => refilled(isSameRun ? held : EMPTY, data.pairs, decidedSince(data.askedAt)));
  }, [data, decidedSince]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another pair on screen starts its time
  useEffect(() => {
    openedAt.current = new Date();
  }, [name]);

  const verdictOn = useCallback(
    ({ left, right }: Pair, verdict: Answer, { confidence, reason }: Said): VerdictRequest => ({
      left: left.id,
      right: right.id,
      verdict,
      opened_at: openedAt.current.toISOString(),
      ...(confidence === null ? {} : { confidence }),
      ...(reason ? { reason } : {}),
    }),
    [],
  );
  const decide = useCallback(
    (verdict: Answer, said: Said) => {
      if (!pair) return;
      outbox.decide(newKey(), sceneId, { pair, body: verdictOn(pair, verdict, said) });
      setQueue((held) => answered(held, pairKey(pair)));
    },
    [outbox, sceneId, pair, verdictOn],
  );
  const drop = useCallback(() => setQueue((held) => (name ? answered(held, name) : held)), [name]);
  const move = useCallback((by: number) => setQueue((held) => moved(held, by)), []);
  const bringBack = useCallback((old: Pair) => setQueue((held) => returned(held, old)), []);

  const facts = data?.pairs.find((one) => pairKey(one) === name) ?? pair;

  return { lease, queue, pair, facts, decide, verdictOn, drop, move, bringBack };
}
