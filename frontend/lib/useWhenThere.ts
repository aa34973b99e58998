import { useCallback, useEffect, useRef } from "react";

/**
 * What is asked for before `value` has come is done when it comes, in the order in which it was asked for; from then on
 * it is done at once.
 */
export function useWhenThere<T>(value: T | undefined): (act: (value: T) => void) => void {
  const waiting = useRef<((value: T) => void)[]>([]);
  useEffect(() => {
    if (value === undefined) return;
    for (const act of waiting.current.splice(0)) act(value);
  }, [value]);
  return useCallback(
    (act) => {
      if (value === undefined) waiting.current.push(act);
      else act(value);
    },
    [value],
  );
}
