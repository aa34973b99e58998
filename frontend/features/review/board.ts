import type { Answer } from "./answers";
import type { Board, BoardAnswers, PairTracklet, Rival } from "./types";

/** What is said of each rival so far, by the id of its tracklet. */
export type Marks = Readonly<Record<number, "same" | "different">>;

/** A number key's press: not marked -> same -> different -> not marked. */
export function toggled(marks: Marks, tracklet: number): Marks {
  const { [tracklet]: now, ...rest } = marks;
  if (now === undefined) return { ...rest, [tracklet]: "same" };
  return now === "same" ? { ...rest, [tracklet]: "different" } : rest;
}

/** Every rival that is not marked is called different. */
export function restDifferent(board: Board, marks: Marks): Marks {
  return { ...Object.fromEntries(board.rivals.map(({ tracklet }) => [tracklet.id, "different"])), ...marks };
}

/** Rivals camera by camera, in the order in which cameras first appear; the order of the number keys too. */
export function byCamera(board: Board): readonly (readonly [string, readonly Rival[]])[] {
  const groups = new Map<string, Rival[]>();
  for (const rival of board.rivals) {
    const { name } = rival.tracklet.camera;
    groups.set(name, [...(groups.get(name) ?? []), rival]);
  }
  return [...groups];
}

/** Which rivals cannot be the board's vehicle beside what else is marked as the same, and why. */
export function impossible(board: Board, marks: Marks): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const rival of board.rivals) {
    const { id } = rival.tracklet;
    const others = board.rivals.filter(({ tracklet }) => tracklet.id !== id && marks[tracklet.id] === "same");
    const clash =
      clashOf(rival.members, board.tracklets) ??
      (marks[id] === "same"
        ? clashOf(
            rival.members,
            others.flatMap(({ members }) => members),
          )
        : null);
    if (clash) found.set(id, `seen in ${clash.camera.name} at the same time as T${clash.number}`);
  }
  return found;
}

/** One of `others` that is in one camera at one time with one of `members`. */
function clashOf(members: readonly PairTracklet[], others: readonly PairTracklet[]): PairTracklet | null {
  const clashes = (one: PairTracklet, other: PairTracklet): boolean =>
    one.camera.id === other.camera.id && one.start_s <= other.end_s && other.start_s <= one.end_s;
  return others.find((other) => members.some((one) => clashes(one, other))) ?? null;
}

/** What is sent: the marks as answers about the most probable pair of each. */
export function answersOf(board: Board, marks: Marks, openedAt: Date): BoardAnswers {
  const answers = board.rivals.flatMap(({ tracklet, against }) => {
    const verdict: Answer | undefined = marks[tracklet.id];
    return verdict ? [{ left: against, right: tracklet.id, verdict }] : [];
  });
  return { answers, opened_at: openedAt.toISOString() };
}
