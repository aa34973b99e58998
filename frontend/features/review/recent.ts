import { counted } from "@/lib/format";
import type { DecisionEntry, Entry } from "@/lib/outbox";
import type { Answer } from "./answers";
import { type Decision, isBoard } from "./decision";
import type { Operation } from "./types";

/** `saving`: on its way. `unsaved`: the last try failed, it will be sent again. `refused`: the server said no. */
export type RecentState = "saving" | "unsaved" | "refused" | "stored" | "undoing" | "undone";

/** One of the last decisions, stored or not. */
export interface Recent {
  /** The entry's key, or the operation's number. */
  readonly key: string;
  readonly answer: Answer;
  readonly confidence: number | null;
  readonly cameras: readonly [string, string];
  /** Tracklets of which there is a picture. */
  readonly tracklets: readonly [number | null, number | null];
  readonly state: RecentState;
  /** Why it was refused. */
  readonly problem: string | null;
  /** The entry that was refused, to be dismissed when its problem has been read. */
  readonly refused: string | null;
  /** Of a stored one. */
  readonly operation: number | null;
  /** What it did to the identities, in words; empty where it changed none. */
  readonly effect: string;
}

type Entries = readonly Entry<Decision>[];

/** The decisions of `person` in a scene, newest first: those on their way, then those that are stored. */
export function recentDecisions(
  entries: Entries,
  operations: readonly Operation[],
  scene: number,
  person: number,
): Recent[] {
  const here = entries.filter((entry) => entry.scene === scene);
  const pending = here.flatMap((entry) => (entry.kind === "decision" ? [onItsWay(entry, here)] : []));
  const own = operations.filter((one) => isDecision(one) && one.actor.id === person);
  return [...pending.reverse(), ...own.flatMap((operation) => stored(operation, here))];
}

/** A verdict, alone or stored together with the cuts that it took. */
function isDecision({ kind, verdicts }: Operation): boolean {
  return kind === "verdict" || (kind === "bulk" && verdicts.length > 0);
}

/** What the undo key takes back: the newest decision that still counts, on its way or stored. */
export function newestStanding(recent: readonly Recent[]): Recent | null {
  return recent.find(({ state }) => state === "saving" || state === "unsaved" || state === "stored") ?? null;
}

/** What it was about, in the words and pictures of the list. */
function subjectOf(
  decision: Decision,
): Pick<Recent, "answer" | "confidence" | "cameras" | "tracklets" | "effect"> {
  if (!isBoard(decision)) {
    const { pair, body } = decision;
    return {
      answer: body.verdict,
      confidence: body.confidence ?? null,
      cameras: [pair.left.camera.name, pair.right.camera.name],
      tracklets: [pair.left.id, pair.right.id],
      effect: "",
    };
  }
  const { answers } = decision.body;
  const [first] = answers;
  return {
    answer: answers.some(({ verdict }) => verdict === "same") ? "same" : "different",
    confidence: null,
    cameras: [`identity ${decision.board}`, counted(answers.length, "answer")],
    tracklets: [first?.left ?? null, first?.right ?? null],
    effect: "",
  };
}

function onItsWay(entry: DecisionEntry<Decision>, here: Entries): Recent {
  const isTakenBack = here.some((other) => other.kind === "undo" && other.of === entry.key);
  const unsaved = entry.problem === null ? "saving" : "unsaved";
  return {
    key: entry.key,
    ...subjectOf(entry.decision),
    state: entry.state === "refused" ? "refused" : isTakenBack ? "undoing" : unsaved,
    problem: entry.state === "refused" ? entry.problem : null,
    refused: entry.state === "refused" ? entry.key : null,
    operation: null,
  };
}

function stored(operation: Operation, here: Entries): Recent[] {
  const verdict = operation.verdicts[0];
  if (!verdict) return [];
  const undo = here.find((entry) => entry.kind === "undo" && entry.operation === operation.id);
  const undone = operation.undone_by !== null || !verdict.standing;
  return [
    {
      key: String(operation.id),
      answer: verdict.verdict,
      confidence: verdict.confidence,
      cameras: [verdict.left.camera.name, verdict.right.camera.name],
      tracklets: [verdict.left.tracklet, verdict.right.tracklet],
      state: undone ? "undone" : undo && undo.state !== "refused" ? "undoing" : "stored",
      problem: undo?.state === "refused" ? undo.problem : null,
      refused: undo?.state === "refused" ? undo.key : null,
      operation: operation.id,
      effect: [several(operation), cuts(operation), effectWords(operation.effect)].filter(Boolean).join(": "),
    },
  ];
}

/** How many answers an operation holds, if more than one. */
function several({ verdicts }: Operation): string {
  return verdicts.length > 1 ? counted(verdicts.length, "answer") : "";
}

function cuts({ kind }: Operation): string {
  return kind === "bulk" ? "with changed tracklets" : "";
}

/** What an operation did to the identities: "joined into 12", "split into 3 and 8". */
export function effectWords({ changed, joined, separated }: Operation["effect"]): string {
  if (!changed) return "";
  const parts = [
    joined.length > 0 ? `joined into ${listed(joined)}` : "",
    separated.length > 0 ? `split into ${listed(separated)}` : "",
  ].filter(Boolean);
  return parts.join(", ");
}

function listed(numbers: readonly number[]): string {
  const words = numbers.map(String);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
