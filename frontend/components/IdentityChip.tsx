import { identityColour, ON_IDENTITY_COLOUR } from "@/lib/identityColour";
import classes from "./IdentityChip.module.css";

/** An identity's number on its colour, as on the videos. */
export function IdentityChip({ number }: { number: number }) {
  return (
    <span className={classes.chip} style={{ background: identityColour(number), color: ON_IDENTITY_COLOUR }}>
      {number}
    </span>
  );
}
