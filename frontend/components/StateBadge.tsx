import classes from "./StateBadge.module.css";

/** Run and job states; each has a shape of its own, not only a colour. */
const SHOWN = {
  queued: { mark: "○", tone: "idle", word: "queued" },
  running: { mark: "◐", tone: "busy", word: "running" },
  succeeded: { mark: "●", tone: "good", word: "succeeded" },
  failed: { mark: "▲", tone: "bad", word: "failed" },
  errored: { mark: "✕", tone: "bad", word: "errored" },
  cancelled: { mark: "■", tone: "idle", word: "cancelled" },
} as const;

export type WorkState = keyof typeof SHOWN;

export function StateBadge({ state }: { state: WorkState }) {
  const { mark, tone, word } = SHOWN[state];
  return (
    <span className={classes.badge} data-tone={tone} data-state={state}>
      <span aria-hidden="true">{mark}</span> {word}
    </span>
  );
}
