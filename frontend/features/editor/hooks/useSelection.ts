import { useCallback, useEffect, useMemo, useState } from "react";
import type { Track } from "../types";
import { useEdits } from "./useEdits";

interface Chosen {
  readonly id: number | null;
  readonly number: number | null;
}

/**
 * The selected tracklet. It stays selected through edits, which give it new ids, through undo and redo, and by its
 * number through what others do. `number` is the one in the address; `onNumber` puts another one there.
 */
export function useSelection(
  tracks: readonly Track[],
  number: number | null,
  onNumber: (number: number | null) => void,
) {
  const { resolve } = useEdits();
  const [chosen, setChosen] = useState<Chosen>({ id: null, number });
  const byId = useMemo(() => new Map(tracks.map((track) => [track.id, track])), [tracks]);
  const selected = useMemo((): Track | null => {
    const same = chosen.id === null ? undefined : byId.get(resolve(chosen.id, (id) => byId.has(id)));
    if (same) return same;
    return chosen.number === null ? null : (tracks.find((track) => track.number === chosen.number) ?? null);
  }, [tracks, byId, chosen, resolve]);

  useEffect(() => {
    if (!selected) return;
    setChosen((before) =>
      before.id === selected.id && before.number === selected.number
        ? before
        : { id: selected.id, number: selected.number ?? before.number },
    );
    if (selected.number !== null && selected.number !== number) onNumber(selected.number);
  }, [selected, number, onNumber]);

  const select = useCallback(
    (id: number | null) => {
      setChosen({ id, number: null });
      if (id === null) onNumber(null);
    },
    [onNumber],
  );
  return { selected, byId, select };
}
