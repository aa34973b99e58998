import type { ComponentType } from "react";
import { Problem } from "@/lib/api/problem";

export type Load = () => Promise<ComponentType>;

/** A page's file. After a new version of the site the old one's are gone: its pages begin with a new index.html. */
export async function loadPage(load: Load): Promise<ComponentType> {
  try {
    return await load();
  } catch (cause) {
    throw new Problem(
      0,
      "page_not_loaded",
      "This page could not be loaded. The site may have a new version, or the server cannot be reached: try again.",
      {},
      {},
      { cause },
    );
  }
}

/** One page after the other, while the browser has nothing else to do: then going there takes no time. */
export async function loadInTime(pages: readonly Load[]): Promise<void> {
  for (const load of pages) {
    await idle();
    // What does not come now is asked for again, with its message, by going there.
    await load().catch(() => undefined);
  }
}

function idle(): Promise<void> {
  // Safari has no idle callbacks.
  const whenIdle = globalThis.requestIdleCallback ?? globalThis.setTimeout;
  return new Promise((then) => whenIdle(() => then()));
}
