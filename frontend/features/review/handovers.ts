import { counted } from "@/lib/format";
import type { TrackletEdit } from "./api/editTracklets";
import type { Meeting, Pair, VerdictRequest } from "./types";

interface Met {
  readonly first: { readonly id: number | null };
  readonly second: { readonly first_frame: number };
}

interface Cut {
  readonly op: "trim";
  readonly tracklet: number;
  readonly last_frame: number;
}

/** Where a tracklet of one of the two identities ends a moment after one of the other has begun, in one camera. */
export function handoversOf({ meetings, joined }: Pair): Meeting[] {
  return joined ? [] : meetings.filter(({ handover }) => handover);
}

/** What keeps the two identities from being one as they are, in a sentence; null: nothing. */
export function meetingWords({ meetings, joined }: Pair): string | null {
  const [met] = meetings;
  if (joined || !met) return null;
  const { first, second } = met;
  const others = meetings.length > 1 ? ` (and of ${counted(meetings.length - 1, "more pair")})` : "";
  return `Then one of T${first.number} and T${second.number}${others} leaves: seen at once in ${first.camera.name}.`;
}

/** "c002 has T174 and T194 at one time for 0.2 s" */
export function twoWords({ first, second }: Meeting): string {
  const seconds = Math.min(first.end_s ?? 0, second.end_s ?? 0) - (second.start_s ?? 0);
  return `${first.camera.name} has T${first.number} and T${second.number} at one time for ${seconds.toFixed(1)} s`;
}

/** The first tracklet of each of these meetings ends where the second begins; each is cut once. */
export function cutsOf(meetings: readonly Met[]): Cut[] {
  const lasts = new Map<number, number>();
  for (const { first, second } of meetings) {
    const id = first.id ?? 0;
    lasts.set(id, Math.min(lasts.get(id) ?? Number.POSITIVE_INFINITY, second.first_frame - 1));
  }
  return [...lasts].map(([tracklet, last_frame]) => ({ op: "trim", tracklet, last_frame }));
}

/** First the cuts, then the verdict, about what they leave. */
export function afterCuts(verdict: VerdictRequest, meetings: readonly Met[]): TrackletEdit[] {
  const cuts = cutsOf(meetings);
  const named = (id: number) => {
    const edit = cuts.findIndex(({ tracklet }) => tracklet === id);
    return edit < 0 ? id : { edit, part: 0 };
  };
  const { left = 0, right = 0, verdict: answer, confidence, opened_at } = verdict;
  const said = {
    op: "verdict",
    left: named(left),
    right: named(right),
    verdict: answer,
    confidence,
    opened_at,
  };
  return [...cuts, said] as TrackletEdit[];
}
