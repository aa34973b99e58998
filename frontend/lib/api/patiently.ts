import { pause } from "@/lib/pause";
import { mayPass } from "./problem";

/**
 * Do what may be done twice, again after each of the waits for as long as there is no server, or one that fails: it may
 * be starting anew. What the server refuses, and what goes wrong after the last wait, is thrown.
 */
export async function patiently<T>(
  task: () => Promise<T>,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<T> {
  for (const wait of waitsMs) {
    try {
      return await task();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await pause(wait, signal);
    }
  }
  return task();
}
