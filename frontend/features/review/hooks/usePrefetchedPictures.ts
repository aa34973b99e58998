import { useEffect, useRef } from "react";
import type { Pair, PairTracklet } from "../types";

/** Pictures that are kept decoded: those of a few pairs, so that the next one is on screen at once. */
const MOST_KEPT = 80;

/** Fetch and decode the pictures of the pairs that come next, the best ones first. */
export function usePrefetchedPictures(pairs: readonly Pair[]): void {
  useFetchedAhead(pictureUrls(pairs.flatMap(({ left, right }) => [left, right])));
}

/** Fetch and decode the pictures of these tracklets, the best ones first. */
export function usePrefetchedCrops(tracklets: readonly PairTracklet[]): void {
  useFetchedAhead(pictureUrls(tracklets));
}

function useFetchedAhead(urls: readonly string[]): void {
  const kept = useRef(new Map<string, HTMLImageElement>());
  const wanted = urls.join(" ");
  useEffect(() => {
    for (const url of wanted.split(" ").filter(Boolean)) {
      if (kept.current.has(url)) continue;
      const image = new Image();
      image.src = url;
      // Decoding ahead is a favour: a picture that fails here shows its own failure when its pair is on screen.
      image.decode?.().catch(() => undefined);
      kept.current.set(url, image);
    }
    for (const url of [...kept.current.keys()].slice(0, -MOST_KEPT)) kept.current.delete(url);
  }, [wanted]);
}

/** Everyone's best picture, then all others. */
function pictureUrls(tracklets: readonly PairTracklet[]): string[] {
  const best = tracklets.flatMap(({ crop_urls }) => crop_urls.slice(0, 1));
  const others = tracklets.flatMap(({ crop_urls }) => crop_urls.slice(1));
  return [...best, ...others];
}
