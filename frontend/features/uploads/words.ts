import { spanWords } from "@/lib/format";
import type { Sending, Upload } from "./types";

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** 1.2 GB, in powers of 1000 as file managers show them. */
export function bytesWords(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(1, bytes)) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

/** What becomes of a file just now. */
export function phaseWords({ phase, done, file, bytesPerSecond }: Sending): string {
  if (phase === "chosen") return "not sent yet";
  if (phase === "waiting") return "waits for its turn";
  if (phase === "reading") return `reading it, ${share(done, file.size)}`;
  if (phase === "paused") return `paused at ${share(done, file.size)}`;
  if (phase === "sent") return "sent";
  if (phase === "refused") return "not sent";
  const pace = bytesPerSecond
    ? `, ${bytesWords(bytesPerSecond)}/s, ${spanWords((file.size - done) / bytesPerSecond)} left`
    : "";
  return `${share(done, file.size)}${pace}`;
}

/** What the server says of an upload. */
export function uploadWords({ state, received, size }: Upload): string {
  if (state === "receiving") return `${share(received, size)} of ${bytesWords(size)} is here`;
  if (state === "checking") return "being checked";
  if (state === "done") return "taken in";
  return state === "duplicate" ? "the camera had this file already" : "not taken in";
}

function share(done: number, size: number): string {
  return `${Math.floor((100 * done) / Math.max(1, size))}%`;
}
