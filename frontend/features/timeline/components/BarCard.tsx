import { Crop } from "@/components/Crop";
import { IdentityChip } from "@/components/IdentityChip";
import { spanWords } from "@/lib/format";
import { type BarState, type Bars, STATES } from "../bars";
import classes from "./BarCard.module.css";
import { STATE_WORDS } from "./Legend";

interface Props {
  bars: Bars;
  bar: number;
  camera: string;
  readTime: (seconds: number) => string;
}

/** What is told of a bar: its picture, where and when it was, and which identity it belongs to. */
export function BarCard({ bars, bar, camera, readTime }: Props) {
  const start = bars.start[bar] ?? 0;
  const end = bars.end[bar] ?? 0;
  const identity = bars.identity[bar] ?? 0;
  const state: BarState = STATES[bars.state[bar] ?? 0] ?? "single";
  return (
    <div className={classes.card}>
      <Crop key={bars.id[bar]} url={`/api/v1/tracklets/${bars.id[bar]}/crops/0.jpg`} label="" size="large" />
      <p className={classes.line}>
        {identity > 0 && <IdentityChip number={identity} />} {camera}, tracklet {bars.number[bar]}
      </p>
      <p className={classes.line}>
        {readTime(start)} – {readTime(end)} · {spanWords(end - start)}
      </p>
      <p className={classes.note}>{STATE_WORDS[state]}</p>
    </div>
  );
}
