import { useCallback, useEffect, useRef } from "react";

/** The newest value, for what is made once. */
export function useLatest<T>(value: T): () => T {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return useCallback(() => latest.current, []);
}
