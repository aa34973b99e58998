import { digestOf } from "./digest";

/** What the worker says: bytes read so far, then the digest; or why the file cannot be read. */
export type Said = { read: number } | { digest: string } | { problem: string };

const say = (said: Said): void => self.postMessage(said);

self.onmessage = async ({ data }: MessageEvent<File>): Promise<void> => {
  try {
    say({ digest: await digestOf(data, (read) => say({ read })) });
  } catch {
    say({ problem: "This file can no longer be read; choose it again." });
  }
};
