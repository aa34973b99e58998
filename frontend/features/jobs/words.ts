import { counted, spanWords } from "@/lib/format";
import type { Job } from "./api/getJobs";

const KINDS: Record<Job["kind"], string> = {
  receive: "check the upload",
  ingest: "read the video",
  detect: "find vehicles",
  track: "follow vehicles",
  embed: "describe vehicles",
  match: "match across cameras",
  evaluate: "score the run",
  embed_picture: "describe a picture",
  likeness: "find where vehicles look alike",
  train: "train a model",
  compare: "compare two models",
  export_labels: "write labels",
  import_labels: "read labels",
  import_scene: "read a scene's folder",
  plan_picture: "read the plan",
};

export function kindWords(kind: Job["kind"]): string {
  return KINDS[kind];
}

/** Where a job stands: "next", "3 jobs before it", "about 20 s left", "took 4 s". */
export function standing(job: Job): string {
  if (job.cancel_requested) return "stopping";
  if (job.state === "queued") return queueWords(job.queue_position);
  if (job.state === "running")
    return job.remaining_s === null ? "" : `about ${spanWords(job.remaining_s)} left`;
  return job.elapsed_s === null ? "" : `took ${spanWords(job.elapsed_s)}`;
}

function queueWords(position: number | null): string {
  if (position === null) return "waits for other jobs";
  return position === 0 ? "next" : `${counted(position, "job")} before it`;
}

/** Counters as people read them: "120 / 300 frames". */
export function progressWords({ done = 0, total, unit }: Pick<Job, "done" | "total" | "unit">): string {
  if (total === null || total === undefined) return done > 0 ? `${done.toLocaleString("en")} ${unit}` : "";
  return `${done.toLocaleString("en")} / ${total.toLocaleString("en")} ${unit}`;
}

export function mayCancel({ state, cancel_requested }: Pick<Job, "state" | "cancel_requested">): boolean {
  return (state === "queued" || state === "running") && !cancel_requested;
}

export function mayRetry({ state }: Pick<Job, "state">): boolean {
  return state === "failed" || state === "errored" || state === "cancelled";
}
