import { counted } from "@/lib/format";
import type { LabelExport } from "./api/getLabelExports";
import type { LabelImport } from "./api/getLabelImports";
import type { LabelSet } from "./api/getLabelSets";

export const FORMATS: readonly { value: LabelExport["format"]; label: string }[] = [
  { value: "cityflow", label: "CityFlow folder (gt.txt)" },
  { value: "track1", label: "AI City submission (track1.txt)" },
  { value: "mot", label: "MOTChallenge" },
  { value: "cvat", label: "CVAT for video 1.1" },
  { value: "coco", label: "COCO" },
  { value: "datumaro", label: "Datumaro" },
  { value: "veri", label: "Vehicle pictures, as VeRi" },
  { value: "aicity", label: "Vehicle pictures, as AI City" },
];

export const IMPORTED: readonly { value: LabelImport["format"]; label: string }[] = [
  { value: "cityflow", label: "CityFlow folder (zip)" },
  { value: "mot", label: "MOTChallenge (zip)" },
  { value: "cvat", label: "CVAT for video 1.1 (zip or xml)" },
  { value: "coco", label: "COCO (zip or json)" },
  { value: "datumaro", label: "Datumaro (zip or json)" },
];

export function formatWords(format: LabelExport["format"]): string {
  return FORMATS.find(({ value }) => value === format)?.label ?? format;
}

/** What came and went since the set before: "3 new, 1 gone, 2 changed". */
export function changeWords({ added, removed, changed }: LabelSet["changes"]): string {
  const parts = [
    added.length && `${added.length} new`,
    removed.length && `${removed.length} gone`,
    changed.length && `${changed.length} changed`,
  ].filter(Boolean);
  return parts.length ? parts.join(", ") : "nothing changed";
}

/** The sentence of a check: what would be made, and in place of what. */
export function reportWords(report: NonNullable<LabelImport["report"]>): string {
  const sum = (of: (camera: (typeof report.cameras)[number]) => number) =>
    report.cameras.reduce((total, camera) => total + of(camera), 0);
  const replaced = sum((each) => each.replaced);
  const made = `${counted(
    sum((each) => each.tracklets),
    "tracklet",
  )} with ${counted(
    sum((each) => each.boxes),
    "box",
    "boxes",
  )} of ${counted(report.identities, "vehicle")}`;
  const instead = replaced ? `, in place of ${counted(replaced, "tracklet")} shown there` : "";
  const numbers = report.renumbered
    ? `; ${counted(report.renumbered, "number is", "numbers are")} in use and will be new`
    : "";
  return `${made}${instead}${numbers}.`;
}
