import { useMemo } from "react";
import { useIdentity } from "@/features/identities/api/getIdentity";
import { SpaceTimeStrip } from "@/features/review/components/SpaceTimeStrip";
import type { Pair } from "@/features/review/types";
import type { Camera } from "@/features/scenes/api/getCameras";
import { stripBars } from "./stripBars";

interface Props {
  pair: Pair;
  runId: number;
  cameras: readonly Camera[];
  readTime: (seconds: number) => string;
}

/** The pair in space and time, with what else its identities hold. */
export function PairStrip({ pair, runId, cameras, readTime }: Props) {
  const left = useIdentity(runId, pair.left.identity.number).data;
  const right = useIdentity(runId, pair.right.identity.number).data;
  const bars = useMemo(() => stripBars(pair, [left, right]), [pair, left, right]);
  return <SpaceTimeStrip cameras={cameras} bars={bars} readTime={readTime} />;
}
