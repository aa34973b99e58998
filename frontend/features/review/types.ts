import type { Schemas } from "@/lib/api/client";

/** What the server says of pairs, verdicts and operations, by the names that the pages use. */
export type Pair = Schemas["ReviewPair"];
export type Meeting = Schemas["Meeting"];
export type PairTracklet = Schemas["ReviewTracklet"];
export type Verdict = Schemas["Verdict"];
export type VerdictRequest = Schemas["VerdictRequestRequest"];
export type VerdictGiven = Schemas["VerdictGiven"];
export type Operation = Schemas["Operation"];
export type ReviewState = Schemas["ReviewState"];
export type ReviewQueue = Schemas["ReviewQueue"];
export type Board = Schemas["ReviewBoard"];
export type Rival = Schemas["Rival"];
export type ReviewBoards = Schemas["ReviewBoards"];
export type BoardAnswers = Schemas["PairAnswersRequest"];
export type LeaseRequest = Schemas["LeaseRequestRequest"];
