import type { Edit } from "./edits";
import { type Track, trackName } from "./types";

type NameOf = (id: number) => string;

export function namesOf(tracks: ReadonlyMap<number, Track>): NameOf {
  return (id) => {
    const track = tracks.get(id);
    return track ? trackName(track) : "a new tracklet";
  };
}

/** What an edit does, in words: it stands where it waits, is refused, or can be undone. */
export function titleOf(edit: Edit, name: NameOf): string {
  switch (edit.op) {
    case "create":
      return `Draw a tracklet, ${edit.keys.length} boxes`;
    case "split":
      return `Split ${name(edit.tracklet)} before frame ${edit.frame}`;
    case "swap":
      return `Swap ${name(edit.tracklet)} and ${name(edit.other)} from frame ${edit.frame} on`;
    case "trim":
      return edit.first_frame === undefined
        ? `End ${name(edit.tracklet)} at frame ${edit.last_frame}`
        : `Begin ${name(edit.tracklet)} at frame ${edit.first_frame}`;
    case "hide":
      return `Hide ${name(edit.tracklet)}`;
    case "duplicate":
      return `${name(edit.tracklet)} is a duplicate of ${name(edit.of)}`;
    case "boxes":
      return boxesTitle(edit, name);
    case "interpolate":
      return `Interpolate ${name(edit.tracklet)}, frames ${edit.first_frame} to ${edit.last_frame}`;
    case "attributes":
      return `Describe ${name(edit.tracklet)}`;
    case "move":
      return edit.number === null
        ? `Take ${name(edit.tracklet)} out of its identity`
        : `Move ${name(edit.tracklet)} to identity ${edit.number}`;
  }
}

function boxesTitle({ tracklet, boxes }: Extract<Edit, { op: "boxes" }>, name: NameOf): string {
  const [first] = boxes;
  return `${first?.box ? "Change" : "Delete"} the box of ${name(tracklet)} on frame ${first?.frame}`;
}
