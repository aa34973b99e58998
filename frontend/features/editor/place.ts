/** Where somebody wants to go: "1234" is a frame, "1:02.5" and "62.5s" are times from the video's start. */
export type Place = { readonly frame: number } | { readonly seconds: number };

export function placeOf(text: string): Place | null {
  const said = text.trim();
  if (/^\d+$/.test(said)) return { frame: Number(said) };
  const time = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)s?$/.exec(said);
  if (!time) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = time;
  return { seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
}
