import { DetailedError, Upload as TusUpload } from "tus-js-client";
import { patiently } from "@/lib/api/patiently";
import { connectionProblem, Problem, problemFrom } from "@/lib/api/problem";
import { transport } from "@/lib/api/transport";
import { newKey } from "@/lib/newKey";
import { announce } from "./api/announce";
import { discardUpload } from "./api/discardUpload";
import { Pace } from "./pace";
import { readFile } from "./readFile";
import { ACTIVE, canBeSent, type Phase, purposeOf, type Sending } from "./types";

/** What a cut connection costs at most. */
const PIECE_BYTES = 8 * 1024 * 1024;
/** A server that restarts, or a network that is away, is waited for: about ten minutes after the last byte. */
const RETRY_MS = [0, 1000, 2000, 4000, 8000, ...Array<number>(40).fill(15_000)];
const AT_ONCE = 2;

const FRESH = { phase: "chosen", done: 0, bytesPerSecond: null, problem: null, upload: null } as const;

/** What the server said about a piece, or that there was no server for too long. */
function asProblem(error: Error | DetailedError): Problem {
  const answer = error instanceof DetailedError ? error.originalResponse : null;
  if (!answer?.getStatus()) return connectionProblem();
  try {
    return problemFrom(answer.getStatus(), JSON.parse(answer.getBody()));
  } catch {
    return problemFrom(answer.getStatus(), null);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Problem ? error.sentence : error instanceof Error ? error.message : String(error);
}

/** Sends files, two at a time, whichever page is open. A file goes on where the server has it, also after a reload. */
class Sender {
  private all: readonly Sending[] = [];
  private readonly stops = new Map<string, () => void>();
  private readonly listeners = new Set<() => void>();

  items = (): readonly Sending[] => this.all;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(scene: number, chosen: readonly { file: File; camera: string }[]): void {
    const fresh = chosen.map(({ file, camera }) => ({
      key: newKey(),
      scene,
      file,
      purpose: purposeOf(file.name),
      camera,
      startS: null,
      ...FRESH,
    }));
    this.replace([...this.all, ...fresh]);
  }

  describe(key: string, said: Partial<Pick<Sending, "camera" | "startS">>): void {
    this.change(key, said);
  }

  /** Send everything of the scene that waits for the person. */
  start(scene: number): void {
    for (const item of this.all)
      if (item.scene === scene && item.phase === "chosen" && canBeSent(item))
        this.change(item.key, { phase: "waiting" });
    this.next();
  }

  resume(key: string): void {
    this.change(key, { phase: "waiting", problem: null });
    this.next();
  }

  pause(key: string): void {
    this.stop(key);
    this.change(key, { phase: "paused", bytesPerSecond: null });
    this.next();
  }

  /** Take a file off the list; what the server has of it goes too, unless it is whole. */
  async remove(key: string): Promise<void> {
    const item = this.all.find((one) => one.key === key);
    this.stop(key);
    this.replace(this.all.filter((one) => one.key !== key));
    this.next();
    if (item?.upload && item.phase !== "sent") await discardUpload(item.upload).catch(() => undefined);
  }

  /** Take what the server has whole off the list. */
  clearSent(scene: number): void {
    this.replace(this.all.filter((item) => item.scene !== scene || item.phase !== "sent"));
  }

  private next(): void {
    const busy = this.all.filter(({ phase }) => phase === "reading" || phase === "sending").length;
    const waiting = this.all.filter(({ phase }) => phase === "waiting").slice(0, Math.max(0, AT_ONCE - busy));
    for (const item of waiting) void this.send(item);
  }

  private async send(item: Sending): Promise<void> {
    const stopped = new AbortController();
    this.stops.set(item.key, () => stopped.abort());
    try {
      this.change(item.key, { phase: "reading", done: 0 });
      const read = (done: number): void => this.change(item.key, { done });
      const sha256 = await readFile(item.file, read, stopped.signal);
      const { scene, purpose, camera, startS, file } = item;
      const about = { scene, purpose, camera, startS, sha256, name: file.name, size: file.size };
      // Announced twice it is the same upload.
      const upload = await patiently(() => announce(about), RETRY_MS, stopped.signal);
      if (stopped.signal.aborted) return;
      this.change(item.key, { phase: "sending", upload: upload.id, done: upload.received });
      await this.pieces(item, upload.url, stopped.signal);
      this.change(item.key, { phase: "sent", done: file.size, bytesPerSecond: null });
    } catch (error) {
      if (stopped.signal.aborted) return;
      this.change(item.key, { phase: "refused", problem: reasonOf(error), bytesPerSecond: null });
    } finally {
      this.stops.delete(item.key);
      this.next();
    }
  }

  private pieces(item: Sending, url: string, stopped: AbortSignal): Promise<void> {
    const pace = new Pace();
    return new Promise((resolve, reject) => {
      const tus = new TusUpload(item.file, {
        uploadUrl: url,
        chunkSize: PIECE_BYTES,
        retryDelays: RETRY_MS,
        storeFingerprintForResuming: false,
        onBeforeRequest: (request) => request.setHeader("X-CSRFToken", transport.csrf()),
        onProgress: (done) =>
          this.change(item.key, { done, bytesPerSecond: pace.heard(done, performance.now()) }),
        onSuccess: () => resolve(),
        onError: (error) => reject(asProblem(error)),
      });
      stopped.addEventListener("abort", () => {
        void tus.abort();
        reject(stopped.reason as Error);
      });
      tus.start();
    });
  }

  private stop(key: string): void {
    this.stops.get(key)?.();
    this.stops.delete(key);
  }

  private change(key: string, change: Partial<Sending>): void {
    this.replace(this.all.map((item) => (item.key === key ? { ...item, ...change } : item)));
  }

  private replace(all: readonly Sending[]): void {
    this.all = all;
    for (const listener of this.listeners) listener();
  }
}

export const sender = new Sender();

/** Whether leaving the page would break something off. */
export function isSending(items: readonly Sending[]): boolean {
  return items.some(({ phase }: { phase: Phase }) => ACTIVE.has(phase));
}
