/** COCO category numbers that vehicles have, as words. */
const WORDS: Readonly<Record<number, string>> = {
  2: "bicycle",
  3: "car",
  4: "motorcycle",
  6: "bus",
  8: "truck",
};

export function vehicleWord(category: number): string {
  return WORDS[category] ?? "vehicle";
}
