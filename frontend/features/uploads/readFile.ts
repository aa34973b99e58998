import type { Said } from "./digest.worker";

/** The SHA-256 of a file, computed beside the page. Throws an Error with a sentence; `signal` stops it. */
export function readFile(file: File, progress: (read: number) => void, signal: AbortSignal): Promise<string> {
  const worker = new Worker(new URL("./digest.worker.ts", import.meta.url), { type: "module" });
  const read = new Promise<string>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Said>) => {
      if ("read" in data) progress(data.read);
      else if ("digest" in data) resolve(data.digest);
      else reject(new Error(data.problem));
    };
    worker.onerror = () => reject(new Error("This browser could not read the file."));
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  worker.postMessage(file);
  return read.finally(() => worker.terminate());
}
