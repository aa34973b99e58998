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
  readonly purpose: Upload["purpose"];
  /** Of a video. */
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

/** A zip holds the folder of a whole scene; everything else is a camera's video. */
export function purposeOf(name: string): Upload["purpose"] {
  return name.toLowerCase().endsWith(".zip") ? "scene" : "video";
}

/** A video is sent once somebody has said whose it is. */
export function canBeSent({ purpose, camera }: Pick<Sending, "purpose" | "camera">): boolean {
  return purpose === "scene" || camera.trim() !== "";
}

export const ACTIVE: ReadonlySet<Phase> = new Set(["waiting", "reading", "sending"]);
