import { ActionButton } from "@/components/ActionButton";
import { counted } from "@/lib/format";
import type { Commands } from "../hooks/useCommands";
import classes from "./EditorPicture.module.css";

/** What has been begun, what to do next, and the way out of it. */
export function Prompt({ commands: { drafting, picking } }: { commands: Commands }) {
  const { drawing, draft } = drafting;
  if (!drawing && !picking.picking && !draft) return null;
  return (
    <div className={classes.prompt} role="status">
      {picking.picking && (
        <span>
          <strong>{picking.picking === "swap" ? "Swap with" : "Duplicate of"}</strong> which one? Press its
          digit or click it.
        </span>
      )}
      {drawing && (
        <span>
          <strong>Drawing:</strong> {counted(drawing.length, "box", "boxes")}. Drag a box, go some frames on,
          drag again; between them it is interpolated.
        </span>
      )}
      {draft && !drawing && <span>Not put down yet.</span>}
      {!picking.picking && <ActionButton action="track-save">Done</ActionButton>}
      <ActionButton action="track-cancel">Cancel</ActionButton>
    </div>
  );
}
