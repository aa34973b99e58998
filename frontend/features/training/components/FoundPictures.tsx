import { Button } from "@mantine/core";
import { useReducer } from "react";
import { counted } from "@/lib/format";
import type { TrainingDetail } from "../api/getTraining";
import classes from "./FoundPictures.module.css";

type Found = TrainingDetail["found_pictures"][number];

/** More would push the models out of sight. */
const FIRST_SHOWN = 2;

/** Frames that were not learned from, each with what was found in it before and after. */
export function FoundPictures({ pictures }: { pictures: readonly Found[] }) {
  const [areAll, showAll] = useReducer(() => true, false);
  if (pictures.length === 0) return null;
  const shown = areAll ? pictures : pictures.slice(0, FIRST_SHOWN);
  return (
    <section aria-label="Held frames before and after">
      <h3 className={classes.heading}>Held frames, before and after</h3>
      <p className={classes.legend}>
        <span data-line="found">found</span>
        <span data-line="missed">a vehicle that was missed</span>
        <span data-line="false">✕ a box where nobody sees a vehicle</span>
      </p>
      {shown.map((each) => (
        <div key={each.before} className={classes.pair}>
          <Side each={each} when="before" />
          <Side each={each} when="after" />
        </div>
      ))}
      {shown.length < pictures.length && (
        <Button size="compact-xs" variant="default" mt={8} onClick={showAll}>
          Show all {pictures.length} frames
        </Button>
      )}
    </section>
  );
}

function Side({ each, when }: { each: Found; when: "before" | "after" }) {
  const [found, wrong] =
    when === "before" ? [each.found_before, each.false_before] : [each.found_after, each.false_after];
  const words = `${found} of ${counted(each.vehicles, "vehicle")} found${wrong ? `, ${counted(wrong, "false box", "false boxes")}` : ""}`;
  const place = `${each.camera}, frame ${each.frame}`;
  return (
    <figure className={classes.side}>
      <img
        className={classes.picture}
        src={each[when]}
        alt={`${place}, ${when}: ${words}`}
        loading="lazy"
        decoding="async"
      />
      <figcaption>
        <strong>{when === "before" ? "Before" : "After"}</strong> {words}
        {when === "before" && <span className={classes.place}>{place}</span>}
      </figcaption>
    </figure>
  );
}
