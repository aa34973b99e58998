import { useEffect, useState } from "react";

/** The picture at an address once it is there; null before, and where it cannot be loaded: the map does without it. */
export function usePlanPicture(address: string | null): HTMLImageElement | null {
  const [loaded, setLoaded] = useState<{ address: string; picture: HTMLImageElement } | null>(null);
  useEffect(() => {
    if (!address) return undefined;
    const picture = new Image();
    let isWanted = true;
    picture.onload = () => isWanted && setLoaded({ address, picture });
    picture.src = address;
    return () => {
      isWanted = false;
    };
  }, [address]);
  return loaded?.address === address ? loaded.picture : null;
}
