/** The scene's links while they are edited. */
import type { Schemas } from "@/lib/api/client";
import { counted } from "@/lib/format";
import type { LearnedLink } from "./api/getLearnedLinks";

export type Origin = Schemas["CameraLink"]["origin"];

export interface DraftLink {
  readonly source: number;
  readonly target: number;
  readonly min_s: number;
  readonly max_s: number;
  readonly origin: Origin;
}

export const ORIGINS: Record<Origin, string> = {
  assumed: "assumed",
  manual: "by hand",
  learned: "learned",
};

export function draftOf(links: readonly Schemas["CameraLink"][]): DraftLink[] {
  return links.map(({ source, target, min_s, max_s, origin }) => ({ source, target, min_s, max_s, origin }));
}

export function isSame(
  one: Pick<DraftLink, "source" | "target">,
  other: Pick<DraftLink, "source" | "target">,
): boolean {
  return one.source === other.source && one.target === other.target;
}

/** Whether both are the same links, in whatever order. */
export function sameLinks(one: readonly DraftLink[], other: readonly DraftLink[]): boolean {
  return one.length === other.length && missing(one, other).length === 0;
}

/** The links of `one` that `other` does not have just so. */
function missing(one: readonly DraftLink[], other: readonly DraftLink[]): readonly DraftLink[] {
  const known = new Set(other.map(written));
  return one.filter((link) => !known.has(written(link)));
}

function written({ source, target, min_s, max_s, origin }: DraftLink): string {
  return JSON.stringify([source, target, min_s, max_s, origin]);
}

/** How many links there are, and those that `mine` does not have just so. */
export function linksWords(
  theirs: readonly DraftLink[],
  mine: readonly DraftLink[],
  names: ReadonlyMap<number, string>,
): string {
  const told = missing(theirs, mine).map(
    ({ source, target, min_s, max_s }) =>
      `${names.get(source)} to ${names.get(target)} ${min_s} to ${max_s} s`,
  );
  const count = counted(theirs.length, "link");
  return told.length ? `${count}, other than here ${told.join("; ")}` : `${count}, all of them here too`;
}

/** In place of a link between the same cameras, else at the end. */
export function withLink(links: readonly DraftLink[], link: DraftLink): DraftLink[] {
  const known = links.some((each) => isSame(each, link));
  return known ? links.map((each) => (isSame(each, link) ? link : each)) : [...links, link];
}

export function learnedWindow({ source, target, min_s, max_s }: LearnedLink): DraftLink {
  return { source, target, min_s, max_s, origin: "learned" };
}

/** Ways that vehicles took and no link allows for: none, or one whose window leaves some of it out. */
export function differs(link: DraftLink | undefined, learned: LearnedLink): boolean {
  return !link || link.min_s > learned.min_s || link.max_s < learned.max_s;
}

/** Why there can be no new link between the two, or null. */
export function refusalOf(
  ends: Pick<DraftLink, "source" | "target">,
  links: readonly DraftLink[],
): string | null {
  if (ends.source === ends.target) return "A link joins two cameras.";
  return links.some((each) => isSame(each, ends)) ? "This link is in the list." : null;
}

/** Why the links cannot be saved, or null. */
export function problemOf(links: readonly DraftLink[], names: ReadonlyMap<number, string>): string | null {
  const wrong = links.find(({ min_s, max_s }) => !(min_s <= max_s));
  if (!wrong) return null;
  return `${names.get(wrong.source)} to ${names.get(wrong.target)}: the longest time is below the shortest.`;
}
