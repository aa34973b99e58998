/** Which camera a file is from, as far as its name says: "c001/vdo.avi" and "c001_20210314_153009.mp4" are c001's. */

const NAMED_TIME = /[-_. ]*(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d[-_. T]?\d\d[-_.:h]?\d\d[-_.:m]?\d\d.*$/;
/** Names that recorders give to every file. */
const SAYS_NOTHING = /^(?:vdo|video|vid|clip|movie|recording|output|rec)?[-_. ]*\d*$/i;
const LONGEST = 40;

function withoutEnding(name: string): string {
  return name.replace(/\.[^.]*$/, "");
}

/** As the server wants names of cameras. */
function asName(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}_ .()-]/gu, "_")
    .replace(/^[^\p{L}\p{N}_]+/u, "")
    .slice(0, LONGEST)
    .trim();
}

function hasWord(text: string, word: string): boolean {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words.includes(word.toLowerCase());
}

/** `path` is the file's name, with its folders where a folder was chosen. Empty where nothing can be told. */
export function cameraOf(path: string, known: readonly string[]): string {
  const parts = path.split("/");
  const file = withoutEnding(parts.at(-1) ?? "");
  const folder = parts.at(-2) ?? "";
  const named = known.find((camera) => hasWord(file, camera)) ?? known.find((camera) => folder === camera);
  if (named) return named;
  const own = file.replace(NAMED_TIME, "");
  return SAYS_NOTHING.test(own) ? asName(folder) : asName(own);
}
