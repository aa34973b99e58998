import { useCallback, useMemo, useState } from "react";
import type { Edits } from "@/features/identities/components/IdentityPanel";
import { IdentityEdits } from "@/features/review/components/IdentityEdits";
import type { Scene } from "@/features/scenes/api/getScene";
import { atLeast } from "@/lib/roles";

const NONE: readonly number[] = [];

/**
 * What may be done with an open identity: nothing for those who only look, nor in a run that is not the one shown.
 * `withKeys`: the page has no use of its own for the keys of it.
 */
export function useIdentityEdits(
  scene: Scene | undefined,
  runId: number | null,
  identity: number | null,
  open: (identity: number) => void,
  withKeys = false,
): Edits | undefined {
  const [kept, setKept] = useState({ identity, marked: NONE });
  const marked = kept.identity === identity ? kept.marked : NONE;
  const onMark = useCallback(
    (tracklet: number) =>
      setKept((before) => {
        const old = before.identity === identity ? before.marked : NONE;
        const isMarked = old.includes(tracklet);
        return { identity, marked: isMarked ? old.filter((id) => id !== tracklet) : [...old, tracklet] };
      }),
    [identity],
  );
  return useMemo(() => {
    if (!scene || runId === null || runId !== scene.current_run?.id) return undefined;
    if (!atLeast(scene.my_role, "analyst")) return undefined;
    const render: Edits["render"] = ({ number }, shown) => (
      <IdentityEdits
        sceneId={scene.id}
        runId={runId}
        number={number}
        tracklets={shown}
        marked={marked}
        onMark={onMark}
        withKeys={withKeys}
        onDone={(now) => {
          setKept({ identity: now, marked: NONE });
          if (now !== number) open(now);
        }}
      />
    );
    return { marked, onMark, withKeys, render };
  }, [scene, runId, marked, onMark, open, withKeys]);
}
