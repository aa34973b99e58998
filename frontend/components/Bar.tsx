import classes from "./Bar.module.css";

interface Props {
  /** 0 to 1. */
  fraction: number;
  label: string;
  tone?: "busy" | "good" | "bad" | "idle";
}

/** A thin progress bar. */
export function Bar({ fraction, label, tone = "busy" }: Props) {
  const share = Math.round(Math.max(0, Math.min(1, fraction)) * 100);
  return (
    <div
      className={classes.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
      data-tone={tone}
    >
      <div className={classes.done} style={{ width: `${share}%` }} />
    </div>
  );
}
