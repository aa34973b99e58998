import type {
  Board,
  Meeting,
  Operation,
  Pair,
  PairTracklet,
  ReviewQueue,
  Rival,
  VerdictGiven,
} from "./types";

/** Worked examples for the tests: tracklets, pairs and answers as the server sends them. */

export function aTracklet(id: number, changes: Partial<PairTracklet> = {}): PairTracklet {
  return {
    id,
    number: id,
    camera: { id: 1, name: "c001" },
    video: 1,
    first_frame: 10,
    last_frame: 40,
    start_s: 1,
    end_s: 4,
    length: 30,
    category: 3,
    colour: "",
    machine: null,
    crop_ranks: [0, 1],
    crop_urls: [`/api/v1/tracklets/${id}/crops/0.jpg`, `/api/v1/tracklets/${id}/crops/1.jpg`],
    identity: { number: id, tracklet_count: 1 },
    ...changes,
  };
}

/** Tracklet 1 of identity 1 (two tracklets) in c001, tracklet 2 of identity 2 in c002. */
export function aPair(changes: Partial<Pair> = {}): Pair {
  return {
    candidate: 5,
    kind: "uncertain",
    left: aTracklet(1, { identity: { number: 1, tracklet_count: 2 } }),
    right: aTracklet(2, { camera: { id: 2, name: "c002" }, video: 2, start_s: 9, end_s: 12 }),
    probability: 0.7,
    chance: 0.7,
    distance: 0.3,
    distance_percentile: 0.1,
    transit_s: 5,
    transit_histogram: null,
    joined: false,
    decides: 1,
    meetings: [],
    verdicts: [],
    lease_expires: "2026-03-01T12:05:00Z",
    ...changes,
  };
}

export function aTrackletState(id: number, changes: Partial<Meeting["first"]> = {}): Meeting["first"] {
  const { camera, video, first_frame, last_frame, start_s, end_s, length, category, colour } = aTracklet(id);
  const base = {
    id,
    number: id,
    camera,
    video,
    first_frame,
    last_frame,
    start_s,
    end_s,
    length,
    category,
    colour,
  };
  return { ...base, note: "", layer: "run", ...changes };
}

/** Tracklet 174 ends in c002 in frame 915, at 92.7 s; tracklet 194 has begun there in frame 913. */
export function aMeeting(changes: Partial<Meeting> = {}): Meeting {
  const camera = { id: 2, name: "c002" };
  return {
    first: aTrackletState(174, { camera, first_frame: 463, last_frame: 915, start_s: 47.5, end_s: 92.7 }),
    second: aTrackletState(194, { camera, first_frame: 913, last_frame: 999, start_s: 92.5, end_s: 101.1 }),
    handover: true,
    ...changes,
  };
}

export function aRival(tracklet: PairTracklet, against: number, changes: Partial<Rival> = {}): Rival {
  return {
    candidate: 100 + tracklet.id,
    tracklet,
    against,
    probability: 0.4,
    chance: 0.4,
    transit_s: 5,
    distance_percentile: 0.1,
    members: [tracklet],
    ...changes,
  };
}

export function aBoard(changes: Partial<Board> = {}): Board {
  return { number: 1, tracklets: [aTracklet(1)], rivals: [aRival(aTracklet(2), 1)], ...changes };
}

const STATE = {
  run: 1,
  work_left: 40,
  expected: 30,
  basis: "40 uncertain pairs; so far one answer settled 1.3 of them.",
  revision: 0,
  people_per_pair: 1,
  decided: 2,
  stop: { advised: false, reason: "Answers still change identities." },
  counts: { contradictions: 0, uncertain: 12, likely_same: 20, likely_different: 8 },
};

export function aQueue(pairs: Pair[], changes: Partial<ReviewQueue> = {}): ReviewQueue {
  return { ...STATE, pairs, ...changes };
}

const ANA = { id: 7, username: "ana", first_name: "", last_name: "", role: "analyst" } as const;

/** A stored verdict of ana's on tracklets 1 and 2. */
export function anOperation(id: number, changes: Partial<Operation> = {}): Operation {
  const anchor = (tracklet: number, name: string) => ({
    camera: { id: tracklet, name },
    video: tracklet,
    first_frame: 10,
    last_frame: 40,
    tracklet,
  });
  return {
    id,
    number: id,
    kind: "verdict",
    actor: ANA,
    at: "2026-03-01T12:00:00Z",
    effect: { changed: true, joined: [1, 2], separated: [], tracklets: 1, contradictions: 0 },
    inverse_of: null,
    about: null,
    undone_by: null,
    undo_refused: null,
    changes: [],
    summary: "",
    redo: false,
    cameras: [],
    reason: "",
    verdicts: [
      {
        id,
        verdict: "same",
        confidence: 3,
        reason: "",
        person: ANA,
        opened_at: null,
        decided_at: "2026-03-01T12:00:00Z",
        standing: true,
        contradicted: false,
        operation: id,
        left: anchor(1, "c001"),
        right: anchor(2, "c002"),
        dangling: null,
      },
    ],
    ...changes,
  };
}

export function aGivenVerdict(operation: Operation, changes: Partial<VerdictGiven> = {}): VerdictGiven {
  return { ...STATE, operation, effect: operation.effect, ...changes };
}
