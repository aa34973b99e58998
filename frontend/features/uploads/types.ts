import type { Schemas } from "@/lib/api/client";

export type Upload = Schemas["Upload"];

/**
 * chosen: waits for the person; waiting: for its turn; reading: its checksum is computed; sending; paused by the person;
 * sent: the server has it whole; refused: `problem` says why, and it can be tried again.
 */
export type Phase = "chosen" | "waiting" | "reading" | "sending" | "paused" | "sent" | "refused";

/** A file that this tab sends, or is about to. */
export interface Sending {
  readonly key: string;
  readonly scene: number;
  readonly file: File;
  readonly camera: string;
  /** Scene time of its first frame as the person stated it; null: the server finds out. */
  readonly startS: number | null;
  readonly phase: Phase;
  /** Bytes read or sent, by phase. */
  readonly done: number;
  readonly bytesPerSecond: number | null;
  readonly problem: string | null;
  /** The server's id, once it was announced. */
  readonly upload: string | null;
}

export const ACTIVE: ReadonlySet<Phase> = new Set(["waiting", "reading", "sending"]);
