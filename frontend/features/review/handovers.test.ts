import { expect, test } from "vitest";
import { afterCuts, handoversOf, meetingWords, twoWords } from "./handovers";
import { aMeeting, aPair, aTrackletState } from "./testing";

const VERDICT = { left: 174, right: 7, verdict: "same", confidence: 3 } as const;

test("who would be seen twice at one time is said", () => {
  const met = aMeeting();
  expect(meetingWords(aPair({ meetings: [met] }))).toBe(
    "Then one of T174 and T194 leaves: seen at once in c002.",
  );
  expect(meetingWords(aPair({ meetings: [met, met] }))).toContain("T194 (and of 1 more pair) leaves");
  expect(meetingWords(aPair({ meetings: [met], joined: true }))).toBeNull();
  expect(meetingWords(aPair())).toBeNull();
  expect(twoWords(met)).toBe("c002 has T174 and T194 at one time for 0.2 s");
});

test("only what another tracklet takes over can be cut", () => {
  const beside = aMeeting({ handover: false });
  const met = aMeeting();
  expect(handoversOf(aPair({ meetings: [beside, met] }))).toEqual([met]);
  expect(handoversOf(aPair({ meetings: [met], joined: true }))).toEqual([]);
});

test("a tracklet that is cut is named by what the cut makes, and cut once, where the first takes over", () => {
  const later = aMeeting({ second: aTrackletState(195, { first_frame: 914 }) });
  expect(afterCuts(VERDICT, [later, aMeeting()])).toEqual([
    { op: "trim", tracklet: 174, last_frame: 912 },
    { op: "verdict", left: { edit: 0, part: 0 }, right: 7, verdict: "same", confidence: 3 },
  ]);
});
